import { bcryptHash } from "./bcrypt";
import type { Kind, Made, Setting } from "./kind";
import { petName } from "./pet";
import { below, secure, seeded, shuffled } from "./source";
import { textKind } from "./text-kind";
import { formatUuid, isUuid, uuid4, uuid7 } from "./uuid";

const keepers: Setting = { type: "map" };

const password: Kind = textKind({
  stateVersion: 3,
  secret: ["result", "bcryptHash"],
  results: async (result) => ({
    id: "none",
    properties: { result, bcryptHash: await bcryptHash(result) },
  }),
});

const string: Kind = textKind({
  stateVersion: 2,
  secret: [],
  results: async (result) => ({ id: result, properties: { result } }),
});

const id: Kind = {
  settings: {
    keepers,
    byteLength: { type: "integer", required: true },
    prefix: { type: "string" },
  },
  results: ["b64Url", "b64Std", "hex", "dec"],
  make: async ({ byteLength, prefix }) => idOf(secure(Number(byteLength)), String(prefix ?? "")),
  find: async (given) => {
    const at = given.lastIndexOf(",");
    const prefix = at < 0 ? "" : given.slice(0, at);
    const bytes = Buffer.from(given.slice(at + 1), "base64url");
    if (bytes.toString("base64url") !== given.slice(at + 1)) {
      throw new Error("the id to import needs base64url, or a prefix, a comma and base64url");
    }
    const found = idOf(bytes, prefix);
    return {
      ...found,
      properties: {
        ...found.properties,
        byteLength: bytes.length,
        ...(prefix === "" ? {} : { prefix }),
      },
    };
  },
};

function idOf(bytes: Buffer, prefix: string): Made {
  const url = bytes.toString("base64url");
  return {
    id: url,
    properties: {
      b64Url: prefix + url,
      b64Std: prefix + bytes.toString("base64"),
      hex: prefix + bytes.toString("hex"),
      dec: prefix + BigInt(`0x${bytes.toString("hex") || "0"}`).toString(),
    },
  };
}

const bytes: Kind = {
  settings: { keepers, length: { type: "integer", required: true } },
  results: ["base64", "hex"],
  secret: ["base64", "hex"],
  idInState: false,
  faults: ({ length }) =>
    Number(length) < 1 ? [["length", `needs to be at least 1, not ${length}`]] : [],
  make: async ({ length }) => bytesOf(secure(Number(length))),
  find: async (given) => {
    const found = Buffer.from(given, "base64");
    if (found.toString("base64") !== given) throw new Error("the id to import needs base64");
    const made = bytesOf(found);
    return { ...made, properties: { ...made.properties, length: found.length } };
  },
};

function bytesOf(made: Buffer): Made {
  const base64 = made.toString("base64");
  return { id: base64, properties: { base64, hex: made.toString("hex") } };
}

const integer: Kind = {
  settings: {
    keepers,
    min: { type: "integer", required: true },
    max: { type: "integer", required: true },
    seed: { type: "string" },
  },
  results: ["result"],
  make: async ({ min, max, seed }) => {
    const [least, most] = [BigInt(Number(min)), BigInt(Number(max))];
    if (most < least) {
      throw new Error(
        "The minimum (min) value needs to be smaller than or equal to maximum (max) value.",
      );
    }
    const source = typeof seed === "string" && seed !== "" ? seeded(seed) : secure;
    const result = Number(least + below(most - least + 1n, source));
    return { id: String(result), properties: { result } };
  },
  find: async (given) => {
    const [result, min, max, seed, ...more] = given.split(",");
    const numbers = [result, min, max].map(Number);
    if (
      min === undefined ||
      max === undefined ||
      more.length > 0 ||
      !numbers.every(Number.isInteger)
    ) {
      throw new Error("the id to import needs {result},{min},{max} or {result},{min},{max},{seed}");
    }
    return {
      id: String(result),
      properties: {
        result: Number(result),
        min: Number(min),
        max: Number(max),
        ...(seed === undefined ? {} : { seed }),
      },
    };
  },
};

const pet: Kind = {
  settings: {
    keepers,
    length: { type: "integer", default: 2 },
    prefix: { type: "string" },
    separator: { type: "string", default: "-" },
  },
  results: [],
  make: async ({ length, prefix = "", separator }) => {
    const name = petName(Number(length), String(separator), secure);
    return { id: prefix === "" ? name : `${prefix}${separator}${name}`, properties: {} };
  },
};

const shuffle: Kind = {
  settings: {
    keepers,
    inputs: { type: "strings", required: true },
    resultCount: { type: "integer" },
    seed: { type: "string" },
  },
  results: ["results"],
  make: async ({ inputs, resultCount, seed }) => {
    const items = Array.isArray(inputs) ? inputs.map(String) : [];
    const count = resultCount === undefined ? items.length : Number(resultCount);
    const source = typeof seed === "string" && seed !== "" ? seeded(seed) : secure;
    const results: string[] = [];
    while (items.length > 0 && results.length < count) {
      results.push(...shuffled(items, source).slice(0, count - results.length));
    }
    return { id: "-", properties: { results } };
  },
};

function uuidKind(make: () => string): Kind {
  return {
    settings: { keepers },
    results: ["result"],
    make: async () => {
      const result = make();
      return { id: result, properties: { result } };
    },
    find: async (given) => {
      if (!isUuid(given)) throw new Error("the id to import needs a UUID");
      return { id: given.toLowerCase(), properties: { result: given.toLowerCase() } };
    },
  };
}

/** Every resource type by its name in the token `random:index/<name>:…`. */
export const kinds: Readonly<Record<string, Kind>> = {
  randomPassword: password,
  randomString: string,
  randomId: id,
  randomBytes: bytes,
  randomInteger: integer,
  randomPet: pet,
  randomShuffle: shuffle,
  // The real one fills all 128 bits with random, version and variant too.
  randomUuid: uuidKind(() => formatUuid(secure(16))),
  randomUuid4: uuidKind(() => uuid4(secure)),
  randomUuid7: uuidKind(() => uuid7(Date.now(), secure)),
};
