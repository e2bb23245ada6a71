import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type DiffKind,
  detailedDiff,
  formatPath,
  type PropertyPath,
  pathRoot,
  withReplacements,
} from "../../../rehearsal/plugins/protocol/property-diff";
import {
  Asset,
  equalValues,
  type PropertyMap,
  Secret,
  Unknown,
} from "../../../rehearsal/plugins/protocol/values";
import { anyMap } from "./values";

const changes: readonly [string, PropertyMap, PropertyMap, Record<string, DiffKind>][] = [
  ["nothing", { a: 1 }, { a: 1 }, {}],
  ["null and nothing", { a: null }, {}, {}],
  ["a value", { a: 1 }, { a: 2 }, { a: "update" }],
  ["a new value", {}, { a: 2 }, { a: "add" }],
  ["a value that went", { a: 1 }, {}, { a: "delete" }],
  ["a value that became null", { a: 1 }, { a: null }, { a: "delete" }],
  ["a nested value", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, { "a.b": "update" }],
  [
    "a label with a dot in its name",
    { l: { "app.io/name": "a" } },
    { l: { "app.io/name": "b" } },
    { 'l["app.io/name"]': "update" },
  ],
  ["list items", { a: [1, 2, 3] }, { a: [1, 5] }, { "a[1]": "update", "a[2]": "delete" }],
  ["a longer list", { a: [1] }, { a: [1, 2] }, { "a[1]": "add" }],
  ["a map that became a list", { a: { b: 1 } }, { a: [1] }, { a: "update" }],
  [
    "a secret's inside, as a whole",
    { a: new Secret({ b: 1 }) },
    { a: new Secret({ b: 2 }) },
    { a: "update" },
  ],
  ["secrecy alone", { a: 1 }, { a: new Secret(1) }, { a: "update" }],
  ["a value not known yet", { a: 1 }, { a: new Unknown() }, { a: "update" }],
  [
    "an asset's path with the same content",
    { a: new Asset({ path: "x", hash: "h" }) },
    { a: new Asset({ path: "y", hash: "h" }) },
    {},
  ],
];

const paths: readonly [PropertyPath, string, string][] = [
  [["a"], "a", "a"],
  [["a", "b", 0], "a.b[0]", "a"],
  [["a", "b-c"], 'a["b-c"]', "a"],
  [["x.y", "z"], '["x.y"].z', "x.y"],
  [['q"t'], '["q\\"t"]', 'q"t'],
];

describe("detailed diff", () => {
  for (const [what, olds, news, expected] of changes) {
    it(`sees ${what}`, () => {
      const found = Object.entries(detailedDiff(olds, news)).map(([path, { kind }]) => [
        path,
        kind,
      ]);
      assert.deepEqual(Object.fromEntries(found), expected);
    });
  }

  it("is empty exactly when the engine calls both equal", () => {
    fc.assert(
      fc.property(anyMap, anyMap, (a, b) => {
        assert.deepEqual(detailedDiff(a, a), {});
        assert.equal(Object.keys(detailedDiff(a, b)).length === 0, equalValues(a, b));
      }),
      { numRuns: 200 },
    );
  });

  for (const [path, text, root] of paths) {
    it(`spells the path ${JSON.stringify(path)} as ${text}`, () => {
      assert.equal(formatPath(path), text);
      assert.equal(pathRoot(text), root);
    });
  }

  it("turns only the picked changes into replacements", () => {
    const diff = withReplacements(
      detailedDiff({ a: 1, c: 1 }, { a: 2, b: 1 }),
      (path) => path !== "b",
    );
    assert.deepEqual(diff, {
      a: { kind: "update-replace" },
      b: { kind: "add" },
      c: { kind: "delete-replace" },
    });
  });
});
