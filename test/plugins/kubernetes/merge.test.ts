import assert from "node:assert/strict";
import fc from "fast-check";
import { mergePatch } from "../../../rehearsal/plugins/kubernetes/diff/merge-patch";
import { formatPath, parsePath } from "../../../rehearsal/plugins/kubernetes/diff/property-path";
import { prune } from "../../../rehearsal/plugins/kubernetes/diff/prune";
import { threeWayPatch } from "../../../rehearsal/plugins/kubernetes/helm/three-way-patch";
import {
  isMap,
  isSame,
  type KubeObject,
  UNKNOWN,
} from "../../../rehearsal/plugins/kubernetes/objects/kube-object";

describe("Pruning a live object to the shape of its inputs", () => {
  const table: [title: string, live: KubeObject, shape: KubeObject, expected: KubeObject][] = [
    ["drops what the cluster added", { a: 1, status: {} }, { a: 2 }, { a: 1 }],
    ["goes into maps", { a: { b: 1, c: 2 } }, { a: { b: 0 } }, { a: { b: 1 } }],
    [
      "goes into lists and cuts them",
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      { a: [{ b: 0 }] },
      { a: [{ b: 1 }] },
    ],
    ["keeps a field whole whose type differs", { a: { b: 1 } }, { a: "x" }, { a: { b: 1 } }],
    ["keeps what is not known yet comparable", { a: { b: 1 } }, { a: UNKNOWN }, { a: { b: 1 } }],
  ];
  for (const [title, live, shape, expected] of table) {
    it(title, () => assert.deepEqual(prune(live, shape), expected));
  }
});

const json = fc.letrec<{ map: KubeObject; value: KubeObject[string] }>((tie) => ({
  map: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("value"), { maxKeys: 4 }),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 }),
    tie("map"),
  ),
}));

describe("Merge patches", () => {
  const apply = (target: KubeObject, patch: KubeObject): KubeObject => {
    const result = { ...target };
    for (const [key, value] of Object.entries(patch)) {
      const inner = result[key];
      if (value === null) delete result[key];
      else result[key] = isMap(value) && isMap(inner) ? apply(inner, value) : value;
    }
    return result;
  };

  it("turn any object into any other", () => {
    fc.assert(
      fc.property(json.map, json.map, (from, to) => isSame(apply(from, mergePatch(from, to)), to)),
    );
  });

  it("of three objects take away only what the old inputs named", () => {
    assert.deepEqual(threeWayPatch({ a: 1, b: 2 }, { a: 1 }, { a: 1, b: 2, c: 3 }), { b: null });
    assert.deepEqual(threeWayPatch({ a: 1 }, { a: 2 }, { a: 1, c: 3 }), { a: 2 });
    assert.deepEqual(threeWayPatch({ a: { b: 1 } }, { a: { b: 1, c: 2 } }, { a: { b: 1, d: 4 } }), {
      a: { c: 2 },
    });
  });
});

describe("Property paths", () => {
  for (const text of [
    "spec.replicas",
    'data["a.b"]',
    "spec.ports[0].port",
    'metadata.annotations["pulumi.com/x"]',
  ]) {
    it(`reads and writes ${text}`, () => assert.equal(formatPath(parsePath(text)), text));
  }

  it("reads back whatever it writes", () => {
    const step = fc.oneof(fc.nat(9), fc.stringMatching(/^[a-zA-Z./"_-]{1,6}$/));
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,4}$/),
        fc.array(step, { maxLength: 4 }),
        (first, rest) => {
          const path = [first, ...rest];
          assert.deepEqual(parsePath(formatPath(path)), path);
        },
      ),
    );
  });
});
