import { strict as assert } from "node:assert";
import { main } from "../../../cli/main";

/** One command line inside this process: what it printed, or the error that it ended with. */
async function run(...argv: readonly string[]): Promise<string> {
  let out = "";
  const screen = { write: (text: string) => (out += text) };
  const code = process.exitCode;
  try {
    await main(["workloads", ...argv], { stdout: screen, stderr: screen });
    return out;
  } catch (error) {
    return `${out}${(error as Error).message}`;
  } finally {
    process.exitCode = code;
  }
}

const site = "site-a";

/** A command line, and what it says before it reaches for any host or secret. */
const said: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    "explains itself",
    ["--help"],
    /Usage: sitewright workloads \[options\] <site> \[action\.\.\.\]/,
  ],
  [
    "explains itself behind the site too",
    [site, "--help"],
    /Actions, each with a --help of its own/,
  ],
  [
    "explains logs",
    [site, "logs", "--help"],
    /Usage: sitewright workloads site-a logs \[options\] <workload>/,
  ],
  [
    "explains shell",
    [site, "shell", "-h"],
    /workloads site-a shell ledger -- psql -U postgres parcels < query\.sql/,
  ],
  ["explains scale", [site, "scale", "--help"], /The\ncluster is not touched/],
  ["wants a site", [], /missing required argument 'site'/],
  [
    "names the nearest action",
    [site, "scal", "api"],
    /no action "scal"\n {2}next: did you mean scale\?/,
  ],
  [
    "names the nearest option",
    [site, "--jsno"],
    /unknown option '--jsno'\n\(Did you mean --json\?\)/,
  ],
  [
    "names the nearest workload",
    [site, "logs", "ap"],
    /no workload "ap"\n {2}next: did you mean api\?/,
  ],
  [
    "refuses a workload that is not there",
    [site, "shell", "warehouse"],
    /next: its workloads are api, /,
  ],
  [
    "wants a time with its unit",
    [site, "logs", "api", "--since", "90"],
    /such as 90s, 30m, 1h or 2d/,
  ],
  ["wants a number of lines", [site, "logs", "api", "--tail", "some"], /a number of lines, or all/],
  ["wants a whole number of Pods", [site, "scale", "api", "2.5"], /a whole number of Pods/],
  [
    "wants options of a command behind --",
    [site, "shell", "api", "ls", "-l"],
    /unknown option '-l'/,
  ],
];

describe("The workloads command", () => {
  for (const [what, argv, expected] of said) {
    it(what, async () => assert.match(await run(...argv), expected));
  }

  it("takes the table's options before the site and behind it", async () => {
    for (const argv of [
      ["--json", "nowhere"],
      ["nowhere", "--json"],
      ["nowhere", "--watch"],
    ]) {
      assert.match(await run(...argv), /^no site "nowhere"/);
    }
  });
});
