import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** Where the counts of a run go; one file for each mocha process. */
export const COUNTS_FILE = "SITEWRIGHT_TEST_COUNTS";

/** What one mocha process did. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Mocha's own listing, plus the counts in a file so that several runs can be added up. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env[COUNTS_FILE];
      if (!file) return;
      const counts: Counts = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
      };
      writeFileSync(file, JSON.stringify(counts));
    });
  }
}

module.exports = CountingReporter;
