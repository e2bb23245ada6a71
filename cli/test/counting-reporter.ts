import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import { COUNTS_FILE, type Counts } from "./counts";

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

// Mocha takes the module itself for the reporter, so nothing else can be exported from here.
module.exports = CountingReporter;
