import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { COUNTS_FILE, type Counts } from "./test/counting-reporter";
import { type Suite, suites } from "./test/suites";
import { toolsForTests } from "./test/tools";

interface TestOptions {
  readonly fast: boolean;
  readonly grep?: string;
}

/** `./sitewright test`: every check of this checkout, with one count at the end. */
export function testCommand(): Command {
  return new Command("test")
    .description("run every test of this checkout: types, lint, fast tests, journeys")
    .option(
      "--fast",
      "leave out the journeys, which need Linux, root and the tools of a rehearsal",
      false,
    )
    .option("--grep <text>", "only tests whose title has this text")
    .addHelpText(
      "after",
      "\nThe last line is the count, for scripts: N passed, N failed.\nExit code: 0 when nothing failed, 1 otherwise.",
    )
    .action(async (options: TestOptions) => {
      process.exitCode = await runSuites(options);
    });
}

async function runSuites(options: TestOptions): Promise<number> {
  const root = join(__dirname, "..");
  const wanted = suites.filter(
    (suite) => !(options.fast && suite.journey) && !(options.grep && !suite.counted),
  );
  // The engine is real in some fast tests too, so tools come first; a missing one fails its tests, never skips them.
  const env = { ...process.env, ...(await toolsForTests((line) => console.error(line))) };
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of wanted) {
    console.log(`\n== ${suite.title}`);
    const started = Date.now();
    const counts = await runSuite(suite, root, env, options.grep);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(
      `   ${suite.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`,
    );
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runSuite(
  suite: Suite,
  root: string,
  env: NodeJS.ProcessEnv,
  grep: string | undefined,
): Promise<Counts> {
  const scratch = mkdtempSync(join(tmpdir(), "sitewright-test-"));
  const counts = join(scratch, "counts.json");
  try {
    const argv = [...suite.argv, ...(grep ? ["--grep", grep] : [])];
    const code = await new Promise<number>((resolve) => {
      const child = spawn(process.execPath, argv, {
        cwd: root,
        env: { ...env, [COUNTS_FILE]: counts },
        stdio: ["ignore", "inherit", "inherit"],
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
