import assert from "node:assert/strict";
import { problemsOf, smallSite } from "../support/sites";

/** Paths of all plain values in a document, as lists of keys. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function spoil(path: readonly string[], value: unknown) {
  const site = smallSite();
  const parent = path.slice(0, -1).reduce((document, key) => document[key], site);
  parent[path.at(-1) ?? ""] = value;
  return site;
}

/** `hosts, 3, name` as a message spells it. */
function spelled(path: readonly string[]): string {
  return path.map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`)).join("");
}

describe("One faulty value", () => {
  for (const path of leavesOf(smallSite())) {
    it(`is all that is complained of: ${spelled(path)}`, () => {
      const found = problemsOf(spoil(path, { not: "this" }));
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.startsWith(`sitewright:site${spelled(path)}: `), found[0]);
    });
  }
});

describe("A missing section", () => {
  for (const key of ["release", "access", "hosts", "cluster"]) {
    it(`is all that is complained of: ${key}`, () => {
      const found = problemsOf(spoil([key], undefined));
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", new RegExp(`^sitewright:site\\.${key}: `));
    });
  }
});

describe("Faults that have nothing to do with each other", () => {
  it("are all named at once, whether a value or a rule is broken", () => {
    const site = smallSite();
    site.hosts[1].cpus = "four";
    site.hosts[2].adress = site.hosts[2].address;
    site.hosts[3].address = site.hosts[0].address;
    site.access.sudo = "none";
    site.cluster.podCidr = "10.233.0.0/18";
    site.cluster.kubernetes = "v1.33.9";
    site.workloads.wbe = {};
    const paths = problemsOf(site).map((problem) => problem.replace(/: .*/, "").slice(16));
    assert.deepEqual(paths.sort(), [
      "access.sudo",
      "cluster.kubernetes",
      "cluster.serviceCidr",
      "hosts[1].cpus",
      "hosts[2].adress",
      "hosts[3].address",
      "workloads.wbe",
    ]);
  });
});
