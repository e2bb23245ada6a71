import assert from "node:assert/strict";
import fc from "fast-check";
import {
  Asset,
  containsSecret,
  containsUnknown,
  equalValues,
  type PropertyValue,
  ResourceReference,
  reveal,
  Secret,
  Unknown,
} from "../../../rehearsal/plugins/protocol/values";
import { fromStruct, toStruct } from "../../../rehearsal/plugins/protocol/wire";
import { anyMap, anyValue } from "./values";

const signature = "4dabf18193072939515e22adb298388d";

/** Meaning of a property, and how the engine spells it. */
const spellings: readonly [string, PropertyValue, unknown][] = [
  ["text", "a", "a"],
  ["a number", 1.5, 1.5],
  ["null inside a list", [null, 1], [null, 1]],
  ["an unknown", new Unknown(), "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
  ["an unknown number", new Unknown("number"), "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
  [
    "a secret",
    new Secret({ a: "b" }),
    { [signature]: "1b47061264138c4ac30d75fd1eb44270", value: { a: "b" } },
  ],
  [
    "a text asset",
    new Asset({ text: "t", hash: "h" }),
    { [signature]: "c44067f5952c0a294b673a41bacd8c17", hash: "h", text: "t" },
  ],
  [
    "a resource",
    new ResourceReference("urn:x", "1", "2.0.0"),
    {
      [signature]: "5cf8f73096256a8f31e491e813e4eb8e",
      urn: "urn:x",
      id: "1",
      packageVersion: "2.0.0",
    },
  ],
];

describe("properties on the wire", () => {
  for (const [what, value, spelled] of spellings) {
    it(`spell ${what} as the engine does, both ways`, () => {
      assert.deepEqual(toStruct({ p: value }).toJavaScript(), { p: spelled });
      assert.ok(equalValues(fromStruct(toStruct({ p: value })).p, value));
    });
  }

  it("come back as they were, whatever they are", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const back = fromStruct(toStruct(map));
        assert.ok(equalValues(back, map), JSON.stringify(back));
        assert.equal(containsSecret(back), containsSecret(map));
        assert.equal(containsUnknown(back), containsUnknown(map));
      }),
      { numRuns: 200 },
    );
  });

  it("lose nulls of maps, which mean the same as nothing", () => {
    const map = { a: null, b: undefined, c: { d: null } };
    assert.deepEqual(toStruct(map).toJavaScript(), { c: {} });
  });

  it("take an output for its value, its absence and its secrecy", () => {
    const output = (rest: object) => ({ [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...rest });
    const struct = toStruct({
      known: output({ value: "v", dependencies: ["urn:x"] }),
      unknown: output({}),
      secret: output({ value: 1, secret: true }),
    });
    const { known, unknown, secret } = fromStruct(struct);
    assert.equal(known, "v");
    assert.ok(unknown instanceof Unknown);
    assert.ok(secret instanceof Secret && secret.value === 1);
  });

  it("refuse a signature that is not known", () => {
    assert.throws(() => fromStruct(toStruct({ a: { [signature]: "beef" } })), /beef/);
  });

  it("have no secret left once revealed, and are otherwise the same", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        assert.equal(containsSecret(reveal(value)), false);
        assert.ok(equalValues(reveal(new Secret(value)), reveal(value)));
      }),
      { numRuns: 100 },
    );
  });
});
