/**
 * Shows what the program costs for site-a with its platform and 50 to 800 workloads, whether that stays within its
 * budgets and grows with the workloads and no faster, and what `helm template` takes to render such workloads.
 * Each size runs in processes of its own; of several runs the best counts, since other work only lengthens them.
 *
 *   node -r ./toolchain/register.js bench/run.ts [runs] [helm]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../site/load";
import { writeChart } from "./chart";
import type { ProgramFigures } from "./program";
import { writeProject } from "./project";

const sizes = [50, 100, 200, 300, 400, 800];
/** For 300 workloads; the time is that of blueprint and components. */
const budget = { workloads: 300, milliseconds: 2000, mebibytes: 400 };
/** Twice the workloads may take so much more than twice, for the measuring. */
const tolerance = 1.15;

type Figures = ProgramFigures & { readonly workloads: number; readonly helm?: number };

const [runs = "3", helm] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
try {
  const table = sizes.map((count) => best(count, Number(runs)));
  show(table);
} finally {
  rmSync(folder, { recursive: true });
}

/** The least of every figure over all runs. */
function best(workloads: number, times: number): Figures {
  const root = join(folder, String(workloads));
  mkdirSync(root);
  writeProject(root, workloads);
  writeChart(join(root, "chart"), workloads);
  const all = Array.from({ length: times }, () => ({
    workloads,
    ...programFigures(root),
    ...(helm !== undefined && { helm: helmMilliseconds(join(root, "chart")) }),
  }));
  return all.reduce((least, one) => {
    const entries = Object.entries(least) as [keyof Figures, number][];
    return Object.fromEntries(
      entries.map(([key, value]) => [key, Math.min(value, one[key] ?? value)]),
    ) as unknown as Figures;
  });
}

function programFigures(root: string): ProgramFigures {
  const preload = ["-r", join(projectRoot, "toolchain", "register.js")];
  const options = ["--min-semi-space-size=16"];
  return JSON.parse(
    run(process.execPath, [...options, ...preload, join(__dirname, "program.ts"), root]),
  );
}

function helmMilliseconds(chart: string): number {
  const started = performance.now();
  run(helm ?? "helm", ["template", "product", chart]);
  return performance.now() - started;
}

function run(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 30 });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

function show(table: readonly Figures[]): void {
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
  console.table(
    table.map((one) => ({
      workloads: one.workloads,
      resources: one.resources,
      "load s": seconds(one.load),
      "blueprint s": seconds(one.plan),
      "components s": seconds(one.components),
      "total s": seconds(one.total),
      "cpu s": seconds(one.cpu),
      "peak MiB": Math.round(one.peakMemory),
      ...(one.helm !== undefined && { "helm s": seconds(one.helm) }),
    })),
  );
  const at = table.find(({ workloads }) => workloads === budget.workloads);
  if (at !== undefined) {
    const time = at.plan + at.components;
    verdict(`${at.workloads} workloads: ${seconds(time)} s`, time <= budget.milliseconds);
    const memory = Math.round(at.peakMemory);
    verdict(`${at.workloads} workloads: ${memory} MiB`, memory <= budget.mebibytes);
    if (at.helm !== undefined) {
      console.log(
        `the whole program takes ${(at.total / at.helm).toFixed(1)} times as long as helm`,
      );
    }
  }
  const [low, middle, high] = [100, 400, 800].map((count) =>
    table.find(({ workloads }) => workloads === count),
  );
  if (low === undefined || middle === undefined || high === undefined) return;
  const early = slope(low, middle);
  const late = slope(middle, high);
  verdict(
    `each workload takes ${early.toFixed(1)} ms of the processor up to 400, ${late.toFixed(1)} ms up to 800`,
    late <= early * tolerance,
  );
}

function slope(one: Figures, other: Figures): number {
  return (other.cpu - one.cpu) / (other.workloads - one.workloads);
}

function verdict(what: string, holds: boolean): void {
  console.log(`${holds ? "holds" : "MISSED"}  ${what}`);
  if (!holds) process.exitCode = 1;
}
