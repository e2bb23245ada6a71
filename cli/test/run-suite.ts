import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COUNTS_FILE, type Counts } from "./counts";
import type { Suite } from "./suites";

/** Runs a suite in the given folder and counts what it did. Its output is this process's own unless it is left out. */
export async function runSuite(
  suite: Suite,
  folder: string,
  env: NodeJS.ProcessEnv,
  output: "inherit" | "ignore" = "inherit",
): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), "sitewright-test-"));
  const counts = join(scratch, "counts.json");
  try {
    const code = await new Promise<number>((resolve) => {
      const child = spawn(process.execPath, suite.argv, {
        cwd: folder,
        env: { ...env, [COUNTS_FILE]: counts },
        stdio: ["ignore", output, output],
      });
      child.on("error", () => resolve(1));
      child.on("exit", (exit) => resolve(exit ?? 1));
    });
    if (!suite.counted)
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    return readCounts(counts, code);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A mocha that died before it could count is a failure, whatever it had passed until then. */
function readCounts(file: string, code: number): Counts {
  try {
    const counts = JSON.parse(readFileSync(file, "utf8")) as Counts;
    const silentFailure = code !== 0 && counts.failed === 0;
    return silentFailure ? { ...counts, failed: 1 } : counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
