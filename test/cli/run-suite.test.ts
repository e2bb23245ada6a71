import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runSuite } from "../../cli/test/run-suite";
import { suites } from "../../cli/test/suites";

describe("A suite of ./sitewright test", () => {
  const root = resolve(__dirname, "../..");
  const fast = suites.find((suite) => suite.name === "fast");
  assert.ok(fast);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sitewright-suite-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the fast suite's own command line on one file instead of all. */
  const run = (text: string) => {
    const file = join(folder, "sample.test.js");
    writeFileSync(file, text);
    const argv = fast.argv.map((word) => (word === "test/**/*.test.ts" ? file : word));
    assert.ok(argv.includes(file));
    return runSuite({ ...fast, argv }, root, process.env, "ignore");
  };

  const samples: [string, string, object][] = [
    [
      "what passed, failed and was left out",
      'it("a", () => {}); it("b", () => {}); it.skip("c", () => {}); it("d", () => { throw 1; });',
      { passed: 2, failed: 1, skipped: 1 },
    ],
    ["a mocha that dies", 'it("a", () => process.exit(0));', { passed: 0, failed: 1, skipped: 0 }],
    ["a file that cannot be loaded", "throw new Error()", { passed: 0, failed: 1, skipped: 0 }],
  ];
  for (const [what, text, expected] of samples) {
    it(`counts ${what}`, async () => assert.deepEqual(await run(text), expected));
  }

  it("counts a check that is no test run as one", async () => {
    const check = (code: number) =>
      runSuite({ ...fast, counted: false, argv: ["-e", `process.exit(${code})`] }, root, {});
    assert.deepEqual(await check(0), { passed: 1, failed: 0, skipped: 0 });
    assert.deepEqual(await check(3), { passed: 0, failed: 1, skipped: 0 });
  });
});
