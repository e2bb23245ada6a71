/** Variable with the file that a mocha process writes its counts to. */
export const COUNTS_FILE = "SITEWRIGHT_TEST_COUNTS";

/** What one mocha process did. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
