import { join } from "node:path";
import { Command } from "commander";
import { runSuite } from "./test/run-suite";
import { suites } from "./test/suites";
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
    const argv = [...suite.argv, ...(options.grep ? ["--grep", options.grep] : [])];
    const counts = await runSuite({ ...suite, argv }, root, env);
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
