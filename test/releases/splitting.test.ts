import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { projectRoot, resolveSite } from "../../site/load";
import { mergeLayers } from "../../site/release/layers";
import { RunError } from "../../site/run-error";
import { catalogue, smallSite } from "../support/sites";
import { makeReleases, type ReleaseFolder } from "./support/release-folder";

type Tree = Readonly<Record<string, unknown>>;

const written: Tree = parse(readFileSync(join(projectRoot, "releases/2026.11.yaml"), "utf8"));

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What leads from one tree to another when merged over it; undefined when they are the same. */
function difference(from: unknown, to: unknown): unknown {
  if (!isTree(from) || !isTree(to)) return same(from, to) ? undefined : to;
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const entries = keys.flatMap((key): [string, unknown][] => {
    if (!Object.hasOwn(to, key)) return [[key, null]];
    if (!Object.hasOwn(from, key)) return [[key, to[key]]];
    const changed = difference(from[key], to[key]);
    return changed === undefined ? [] : [[key, changed]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Another tree that a release may have come from: keys are gone, others are new, values differ. */
function ancestors(tree: unknown): fc.Arbitrary<unknown> {
  if (!isTree(tree)) {
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant(tree) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>("other", 7, [], [{ name: "x" }], { x: 1 }) },
    );
  }
  const kept = Object.entries(tree).map(([key, value]) =>
    fc.option(ancestors(value), { freq: 8, nil: undefined }).map((one) => [key, one] as const),
  );
  const further = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.constantFrom(1, "a", {}), {
    maxKeys: 1,
    noNullPrototype: true,
  });
  return fc.tuple(fc.tuple(...kept), further).map(([entries, more]) => ({
    ...more,
    ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
  }));
}

/** Without what each file says for itself. */
function body({ release: _release, base: _base, ...rest }: Tree): Tree {
  return rest;
}

function file(name: string, tree: unknown, base?: string): Tree {
  return { release: name, ...(base !== undefined && { base }), ...Object(tree) };
}

describe("A release that is split at random into a base and changes", () => {
  let folder: ReleaseFolder;
  before(() => {
    folder = makeReleases({});
  });
  after(() => folder.remove());

  const resolve = (release: string) => {
    const data = { ...smallSite(), release };
    return resolveSite({ name: "site-t", data }, folder.root, catalogue).blueprint;
  };

  it("makes the blueprint that it makes when it is written out", () => {
    folder.write("2026.09", file("2026.09", body(written)));
    const whole = { ...resolve("2026.09"), release: "" };
    const product = { product: written.product };
    fc.assert(
      fc.property(ancestors(body(written)), ancestors(body(written)), (first, second) => {
        const [oldest, middle] = [first, second].map((one) => ({ ...Object(one), ...product }));
        folder.write("2026.01", file("2026.01", oldest));
        folder.write("2026.02", file("2026.02", difference(oldest, middle), "2026.01"));
        folder.write("2026.09", file("2026.09", difference(middle, body(written)), "2026.02"));
        assert.deepEqual({ ...resolve("2026.09"), release: "" }, whole);
      }),
      { numRuns: 15 },
    );
  });

  it("is the same data, whatever the trees hold", () => {
    const trees = fc
      .dictionary(
        fc.stringMatching(/^[a-z]{1,2}$/),
        fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(withoutNulls(value))),
        { noNullPrototype: true },
      )
      .filter((tree) => !("release" in tree) && !("base" in tree));
    fc.assert(
      fc.property(trees, trees, trees, (first, second, third) => {
        const layers = [
          file("3", difference(second, third), "2"),
          file("2", difference(first, second), "1"),
          file("1", first),
        ].map((data, at) => ({
          name: String(3 - at),
          file: { file: "", data, lineOf: () => undefined },
        }));
        const { data, added } = mergeLayers(layers);
        assert.deepEqual(body(data as Tree), third);
        assert.ok(!added.some(({ removes }) => removes));
      }),
      { numRuns: 100 },
    );
  });
});

/** A null in a change always removes, so no release holds one. */
function withoutNulls(value: unknown): string {
  return JSON.stringify(value, (key, item) => (item === null || key === "__proto__" ? 0 : item));
}

describe("Hostile files of a release and its base", () => {
  const pieces = fc.constantFrom(
    'base: "2026.01"\n',
    'base: "2026.02"\n',
    "base: null\n",
    "base: [2026.01]\n",
    'release: "2026.01"\n',
    'release: "2026.02"\n',
    "product: parcels\n",
    "workloads:\n",
    "  api:\n",
    "  api: null\n",
    "    env: { A: null }\n",
    "  __proto__: { replicas: 1 }\n",
    "  constructor: { prototype: null }\n",
    "  ? [a]\n",
    "  <<: *x\n",
    "x: &x { y: *x }\n",
    "x: &x { workloads: null }\n",
    "toString: null\n",
    "- 1\n",
    "null\n",
    "{}\n",
    "\u0000\n",
    `a: ${"[".repeat(60)}\n`,
    `b: ${"{a: ".repeat(30)}1${"}".repeat(30)}\n`,
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ maxLength: 12 })), { maxLength: 12 });
  let folder: ReleaseFolder;
  before(() => {
    folder = makeReleases({});
  });
  after(() => folder.remove());

  it("bring out nothing but a RunError that somebody can read", () => {
    fc.assert(
      fc.property(texts, texts, (older, newer) => {
        folder.write("2026.01", older.join(""));
        folder.write("2026.02", `release: "2026.02"\nbase: "2026.01"\n${newer.join("")}`);
        try {
          const data = { ...smallSite(), release: "2026.02" };
          resolveSite({ name: "site-t", data }, folder.root, catalogue);
        } catch (error) {
          assert.ok(error instanceof RunError, error instanceof Error ? error.stack : "");
          assert.ok(error.message.length < 20_000, "a message that nobody can read");
        }
      }),
      { numRuns: 25 },
    );
  });

  it("anywhere in a sound change do the same", () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(null, "x".repeat(1000), -1, [], {}, [null]),
    );
    const sound = body(written);
    folder.write("2026.01", file("2026.01", sound));
    fc.assert(
      fc.property(fc.constantFrom(...paths(sound)), values, (path, value) => {
        const changed = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
        folder.write("2026.02", file("2026.02", changed, "2026.01"));
        try {
          const data = { ...smallSite(), release: "2026.02" };
          resolveSite({ name: "site-t", data }, folder.root, catalogue);
        } catch (error) {
          assert.ok(error instanceof RunError, error instanceof Error ? error.stack : "");
        }
      }),
      { numRuns: 25 },
    );
  });
});

function paths(tree: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (!isTree(tree)) return [path];
  return [path, ...Object.entries(tree).flatMap(([key, value]) => paths(value, [...path, key]))];
}
