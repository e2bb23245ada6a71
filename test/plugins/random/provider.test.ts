import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { silentLog } from "../../../rehearsal/plugins/protocol/engine-log";
import {
  type PropertyMap,
  revealMap,
  Secret,
  Unknown,
} from "../../../rehearsal/plugins/protocol/values";
import { RandomProvider } from "../../../rehearsal/plugins/random/provider";

const provider = new RandomProvider();

function about(kind: string) {
  const type = `random:index/random${kind}:Random${kind}`;
  const signal = new AbortController().signal;
  return { urn: `urn:pulumi:dev::p::${type}::r`, type, name: "r", log: silentLog, signal };
}

async function create(kind: string, properties: PropertyMap, preview = false) {
  return await provider.create({ ...about(kind), properties, preview, timeoutSeconds: 0 });
}

async function diff(kind: string, olds: PropertyMap, oldInputs: PropertyMap, news: PropertyMap) {
  const { detailedDiff } = await provider.diff({
    ...about(kind),
    id: "",
    olds: revealMap(olds),
    oldInputs,
    news,
    ignoreChanges: [],
  });
  return Object.fromEntries(Object.entries(detailedDiff).map(([path, { kind }]) => [path, kind]));
}

const textState = {
  length: 16,
  lower: true,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  minUpper: 0,
  number: true,
  numeric: true,
  special: true,
  upper: true,
};

/** Type, inputs, and state without what is random: names mapped to patterns. */
const states: readonly [string, PropertyMap, PropertyMap, Record<string, RegExp>][] = [
  [
    "String",
    { length: 16 },
    { ...textState, __meta: '{"schema_version":"2"}' },
    { id: /^.{16}$/, result: /^.{16}$/ },
  ],
  [
    "Id",
    { byteLength: 8, prefix: "p-" },
    { byteLength: 8, prefix: "p-" },
    {
      id: /^[\w-]{11}$/,
      b64Url: /^p-[\w-]{11}$/,
      b64Std: /^p-[\w+/]{11}=$/,
      hex: /^p-[0-9a-f]{16}$/,
      dec: /^p-\d+$/,
    },
  ],
  ["Bytes", { length: 4 }, { length: 4 }, { base64: /^[\w+/]{6}==$/, hex: /^[0-9a-f]{8}$/ }],
  ["Integer", { min: 5, max: 5 }, { min: 5, max: 5, id: "5", result: 5 }, {}],
  [
    "Pet",
    { length: 3, keepers: { a: "b" } },
    { length: 3, separator: "-", keepers: { a: "b" } },
    { id: /^[a-z]+ly-[a-z]+-[a-z]+$/ },
  ],
  [
    "Uuid4",
    {},
    {},
    {
      id: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      result: /^[0-9a-f-]{36}$/,
    },
  ],
  ["Uuid7", {}, {}, { id: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/, result: /^[0-9a-f-]{36}$/ }],
  ["Uuid", {}, {}, { id: /^[0-9a-f-]{36}$/, result: /^[0-9a-f-]{36}$/ }],
];

describe("random resources", () => {
  for (const [kind, inputs, fixed, patterns] of states) {
    it(`Random${kind} keeps settings, defaults and results in state`, async () => {
      const { properties } = await create(kind, inputs);
      const open = revealMap(properties);
      assert.deepEqual(
        Object.keys(open).sort(),
        [...Object.keys(fixed), ...Object.keys(patterns)].sort(),
      );
      for (const [name, value] of Object.entries(fixed)) assert.deepEqual(open[name], value);
      for (const [name, pattern] of Object.entries(patterns)) {
        assert.match(String(open[name]), pattern);
      }
    });
  }

  it("RandomPassword has id none, and keeps result and a real bcrypt hash secret", async () => {
    const { id, properties } = await create("Password", { length: 20 });
    assert.equal(id, "none");
    assert.equal(properties.__meta, '{"schema_version":"3"}');
    assert.ok(properties.result instanceof Secret && properties.bcryptHash instanceof Secret);
    const [password, hash] = [String(properties.result.value), String(properties.bcryptHash.value)];
    assert.match(hash, /^\$2a\$10\$[./A-Za-z0-9]{53}$/);
    const check = ["-e", "print crypt($ARGV[0], $ARGV[1])", password, hash];
    assert.equal(execFileSync("perl", check).toString(), hash);
  });

  it("a preview knows settings and defaults, and neither id nor results", async () => {
    const { id, properties } = await create("Password", { length: 20 }, true);
    assert.equal(id, "");
    assert.ok(properties.result instanceof Secret && properties.result.value instanceof Unknown);
    assert.ok(properties.id instanceof Unknown);
    assert.equal(properties.special, true);
  });

  it("RandomInteger gives every number of its range, and only those", async () => {
    const seen = new Set<unknown>();
    for (let i = 0; i < 200; i += 1) {
      seen.add((await create("Integer", { min: -1, max: 1 })).properties.result);
    }
    assert.deepEqual([...seen].sort(), [-1, 0, 1]);
  });

  it("RandomShuffle repeats its list only when more is asked for than it has", async () => {
    const some = await create("Shuffle", { inputs: ["a", "b", "c"], resultCount: 2 });
    assert.equal(new Set(some.properties.results as string[]).size, 2);
    const more = await create("Shuffle", { inputs: ["a", "b"], resultCount: 5 });
    const results = more.properties.results as string[];
    assert.deepEqual([...new Set(results.slice(0, 2))].sort(), ["a", "b"]);
    assert.equal(results.length, 5);
    assert.equal(more.id, "-");
  });

  const diffs: readonly [string, string, PropertyMap, PropertyMap, Record<string, string>][] = [
    ["nothing", "String", { length: 16 }, { length: 16 }, {}],
    ["a default spelled out", "String", { length: 16 }, { length: 16, upper: true }, {}],
    ["length", "String", { length: 16 }, { length: 17 }, { length: "update-replace" }],
    [
      "numeric, with its old name",
      "String",
      { length: 16 },
      { length: 16, numeric: false },
      { number: "update-replace", numeric: "update-replace" },
    ],
    [
      "a keeper",
      "Pet",
      { keepers: { a: "1", b: "1" } },
      { keepers: { a: "2", b: "1" } },
      { "keepers.a": "update-replace" },
    ],
    ["new keepers", "Pet", {}, { keepers: { a: "2" } }, { keepers: "add-replace" }],
    ["empty keepers", "Pet", {}, { keepers: {} }, { keepers: "add" }],
    [
      "a setting not known yet",
      "Integer",
      { min: 1, max: 2 },
      { min: 1, max: new Unknown() },
      { max: "update-replace" },
    ],
  ];
  for (const [what, kind, before, after, expected] of diffs) {
    it(`change of ${what} gives ${JSON.stringify(expected)}`, async () => {
      const { properties } = await create(kind, before);
      assert.deepEqual(await diff(kind, properties, before, after), expected);
    });
  }

  it("an update in place keeps what was drawn", async () => {
    const made = await create("Pet", {});
    const { properties } = await provider.update({
      ...about("Pet"),
      id: made.id,
      olds: made.properties,
      oldInputs: {},
      news: { keepers: {} },
      ignoreChanges: [],
      preview: false,
      timeoutSeconds: 0,
    });
    assert.deepEqual(properties, { ...made.properties, keepers: {} });
  });

  const faults: readonly [string, PropertyMap, string, RegExp][] = [
    ["Password", {}, "length", /is needed/],
    ["Password", { length: "8" }, "length", /whole number, not "8"/],
    ["Password", { length: 0 }, "length", /at least 1, not 0/],
    ["Password", { length: 3, minUpper: 2, minLower: 2 }, "length", /= 4, not 3/],
    ["Password", { length: 3, number: true, numeric: false }, "number", /same value/],
    [
      "Password",
      { length: 3, upper: false, lower: false, numeric: false, special: false },
      "numeric",
      /one of special/,
    ],
    ["Pet", { lenght: 2 }, "lenght", /not a property/],
    ["Shuffle", { inputs: "abc" }, "inputs", /list of strings/],
  ];
  for (const [kind, news, property, reason] of faults) {
    it(`Random${kind} refuses ${JSON.stringify(news)} at ${property}`, async () => {
      const { failures } = await provider.check({
        ...about(kind),
        olds: {},
        news,
        randomSeed: new Uint8Array(),
      });
      assert.equal(failures?.length, 1);
      assert.equal(failures?.[0]?.property, property);
      assert.match(failures?.[0]?.reason ?? "", reason);
    });
  }

  it("a least above its most is an error that says so", async () => {
    await assert.rejects(create("Integer", { min: 2, max: 1 }), /minimum \(min\) value/);
  });

  const imports: readonly [string, string, string, PropertyMap][] = [
    ["Password", "hunter22", "none", { result: "hunter22", length: 8, special: true }],
    ["Id", "pre,AQID", "AQID", { byteLength: 3, prefix: "pre", hex: "pre010203", dec: "pre66051" }],
    ["Integer", "3,1,9,s", "3", { result: 3, min: 1, max: 9, seed: "s" }],
    ["Bytes", "AQID", "AQID", { length: 3, hex: "010203" }],
  ];
  for (const [kind, given, id, expected] of imports) {
    it(`Random${kind} is imported from ${given}`, async () => {
      const found = await provider.read({
        ...about(kind),
        id: given,
        inputs: {},
        properties: {},
        timeoutSeconds: 0,
      });
      assert.equal(found.id, id);
      const open = revealMap(found.properties);
      for (const [name, value] of Object.entries(expected)) assert.equal(open[name], value, name);
      assert.deepEqual(await diff(kind, found.properties, found.inputs, found.inputs), {});
    });
  }

  it("a wrong import id is an error that says what is needed", async () => {
    const request = { ...about("Uuid"), inputs: {}, properties: {}, timeoutSeconds: 0 };
    await assert.rejects(provider.read({ ...request, id: "x" }), /needs a UUID/);
    await assert.rejects(
      provider.read({ ...request, ...about("Pet"), id: "x" }),
      /cannot be imported/,
    );
  });
});
