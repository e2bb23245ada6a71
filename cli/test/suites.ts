import { availableParallelism } from "node:os";

/** One part of `./sitewright test`: a child process of this Node. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Arguments of Node. */
  readonly argv: readonly string[];
  /** A mocha run counts its tests; any other check counts as one. */
  readonly counted: boolean;
  /** Needs Linux, root and the tools of a rehearsal. */
  readonly journey: boolean;
}

const MOCHA = "node_modules/mocha/bin/mocha.js";
/** Fast tests stand for themselves, so files run side by side. */
const parallel = ["--parallel", "--jobs", String(availableParallelism())];
// Mocha would colour its lines for any CI, terminal or not.
const colours = process.stdout.isTTY === true ? [] : ["--no-color"];
const reporter = [...colours, "--reporter", "cli/test/counting-reporter.ts"];

/** Everything that is checked, quickest first. */
export const suites: readonly Suite[] = [
  {
    name: "types",
    title: "TypeScript agrees",
    argv: ["node_modules/typescript/bin/tsc", "--noEmit"],
    counted: false,
    journey: false,
  },
  {
    name: "lint",
    title: "formatter and linter agree",
    argv: ["node_modules/@biomejs/biome/bin/biome", "check", "."],
    counted: false,
    journey: false,
  },
  {
    name: "fast",
    title: "fast tests",
    argv: [MOCHA, ...reporter, ...parallel, "test/**/*.test.ts", "--ignore", "test/journeys/**"],
    counted: true,
    journey: false,
  },
  {
    name: "journeys",
    title: "journeys: real engine, real sshd, real Kubernetes control plane",
    argv: [MOCHA, ...reporter, "--timeout", "600000", "test/journeys/**/*.test.ts"],
    counted: true,
    journey: true,
  },
];
