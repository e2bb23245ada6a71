import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeProject } from "../../bench/project";
import { projectRoot } from "../../site/load";

describe("The program that is measured", () => {
  const root = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  after(() => rmSync(root, { recursive: true }));

  it("runs to its end against the stand-in, and tells what it took", function () {
    this.timeout(60_000);
    writeProject(root, 5);
    const preload = ["-r", join(projectRoot, "toolchain/register.js")];
    const program = join(projectRoot, "bench/program.ts");
    const output = execFileSync(process.execPath, [...preload, program, root], {
      encoding: "utf8",
    });
    const { resources, total, peakMemory } = JSON.parse(output);
    assert.ok(resources > 300, `${resources} resources`);
    assert.ok(total > 0 && peakMemory > 0);
  });
});
