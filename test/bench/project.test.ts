import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeProject } from "../../bench/project";
import { resolveSite } from "../../site/load";

describe("The project that is measured", () => {
  const root = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  after(() => rmSync(root, { recursive: true }));

  it("has site-a's platform, up to 800 workloads of every kind, and no problem", () => {
    writeProject(root, 800);
    const data = JSON.parse(readFileSync(join(root, "site.json"), "utf8"));
    const { blueprint } = resolveSite({ name: "site-a", data }, root);
    assert.equal(blueprint.workloads.length, 800);
    assert.deepEqual([...new Set(blueprint.workloads.map(({ kind }) => kind))].sort(), [
      "CronJob",
      "Deployment",
      "StatefulSet",
    ]);
    for (const part of ["storage", "certificates", "mesh", "ingress", "tenancy"] as const) {
      assert.notEqual(blueprint.platform[part], undefined, part);
    }
  });
});
