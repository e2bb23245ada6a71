import assert from "node:assert/strict";
import fc from "fast-check";
import { shortImage } from "../../../cli/releases/diff-text";
import { fieldChanges } from "../../../cli/releases/field-changes";
import { namedChanges } from "../../../cli/releases/named-changes";

const cases: readonly {
  readonly title: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly changes: readonly string[];
}[] = [
  { title: "nothing", before: { a: [1, { b: 2 }] }, after: { a: [1, { b: 2 }] }, changes: [] },
  { title: "a value", before: { a: { b: 1 } }, after: { a: { b: 2 } }, changes: ["a.b: 1 → 2"] },
  {
    title: "a key that comes and one that goes",
    before: { a: 1 },
    after: { "x/y": 1 },
    changes: ["a: 1 → undefined", '["x/y"]: undefined → 1'],
  },
  {
    title: "an entry of a list by its name, wherever it stands",
    before: { list: [{ name: "b", v: 1 }] },
    after: { list: [{ name: "a" }, { name: "b", v: 2 }] },
    changes: ["list[b].v: 1 → 2", 'list[a]: undefined → {"name":"a"}'],
  },
  {
    title: "the order of named entries",
    before: [{ name: "a" }, { name: "b" }],
    after: [{ name: "b" }, { name: "a" }],
    changes: [': ["a","b"] → ["b","a"]'],
  },
  {
    title: "any other list as a whole",
    before: { command: ["run", "fast"] },
    after: { command: ["run", "slow"] },
    changes: ['command: ["run","fast"] → ["run","slow"]'],
  },
  {
    title: "one kind of value for another",
    before: { grpc: true },
    after: { grpc: "health" },
    changes: ['grpc: true → "health"'],
  },
];

describe("The fields in which two trees differ", () => {
  for (const { title, before, after, changes } of cases) {
    it(`name ${title}`, () => {
      const found = fieldChanges(before, after).map(
        (one) => `${one.path}: ${JSON.stringify(one.before)} → ${JSON.stringify(one.after)}`,
      );
      assert.deepEqual(found, changes);
    });
  }

  it("are none exactly when the trees are the same, and change sides with them", () => {
    const trees = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(trees, trees, (one, other) => {
        assert.deepEqual(fieldChanges(one, structuredClone(one)), []);
        const there = fieldChanges(one, other);
        const back = fieldChanges(other, one);
        assert.equal(there.length, back.length);
        const paths = (list: typeof there) => list.map(({ path }) => path).sort();
        assert.deepEqual(paths(there), paths(back));
        if (JSON.stringify(one) !== JSON.stringify(other) && !sameButOrder(one, other)) {
          assert.ok(there.length > 0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

function sameButOrder(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

describe("Named things", () => {
  it("come, go or change, and a name that every object has is one like others", () => {
    const { added, removed, changed } = namedChanges(
      { a: 1, b: { v: 1 }, same: {} },
      { b: { v: 2 }, constructor: 1, same: {} },
    );
    assert.deepEqual(added, { constructor: 1 });
    assert.deepEqual(removed, { a: 1 });
    assert.deepEqual(changed, { b: [{ path: "v", before: 1, after: 2 }] });
  });
});

describe("An image", () => {
  it("is shown by name, tag and the beginning of its digest", () => {
    const image = `ghcr.io:5000/some/app:1.2@sha256:${"0123456789abcdef".repeat(4)}`;
    assert.equal(shortImage(image), "ghcr.io:5000/some/app:1.2 (0123456789ab)");
    assert.equal(shortImage("docker.io/calico/cni:v3.27.4"), "docker.io/calico/cni:v3.27.4");
  });
});
