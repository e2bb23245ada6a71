import { resolve } from "node:path";
import { Command } from "commander";
import { Listr, PRESET_TIMER } from "listr2";
import { rehearsalOf } from "../rehearsal/folders";
import { requireMachine } from "../rehearsal/machine";
import { findRehearsalTools } from "../rehearsal/run/find-tools";
import {
  endAndForget,
  type PreparedRehearsal,
  prepareRehearsal,
  runPulumi,
} from "../rehearsal/run/rehearse";
import type { Report } from "../rehearsal/run/report";
import type { RehearsalTools } from "../rehearsal/run/tools";
import { describe } from "../rehearsal/site-machines";
import { type LoadedSite, loadSite, projectRoot } from "../site/load";
import { RunError } from "../site/run-error";
import { exitCodes } from "./exit-codes";
import { DeploymentProgress } from "./rehearse/deployment-progress";
import { rehearsalSummary } from "./rehearse/summary";

interface RehearseOptions {
  readonly keep: boolean;
  readonly fresh: boolean;
  readonly destroy: boolean;
  readonly json: boolean;
  readonly charts?: string;
  /** False for `--no-policies`. */
  readonly policies: boolean;
}

/** Folder of the rules that a site is held to. */
const POLICY_PACK = "policies";

/** Hours after which a rehearsal that nobody uses ends by itself. */
const IDLE_HOURS = 4;

/** `./sitewright rehearse <site>`: the site's own configuration, brought up on simulated hosts on this machine. */
export function rehearseCommand(): Command {
  return new Command("rehearse")
    .argument("<site>", "name of the site: rehearse site-a reads Pulumi.site-a.yaml")
    .description(
      "bring a site up on this machine, from hosts that only answer SSH to running workloads",
    )
    .option(
      "--keep",
      `keep the simulated site until --destroy; else it ends after ${IDLE_HOURS} hours`,
      false,
    )
    .option("--fresh", "throw away the simulated site first and begin with empty hosts", false)
    .option(
      "--destroy",
      "destroy the site with pulumi, then end its hosts and leave nothing behind",
      false,
    )
    .option(
      "--charts <folder>",
      "use the real charts in this folder (istiod-1.30.3.tgz or istiod/) instead of small ones of our own",
    )
    .option("--no-policies", "bring up even what breaks a rule of the policy pack")
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", HELP)
    .action(async (site: string, options: RehearseOptions) => {
      process.exitCode = await (options.destroy ? destroy(site, options) : rehearse(site, options));
    });
}

const HELP = `
The site's configuration runs unchanged, at the site's own addresses, inside network and mount
namespaces without a way out. Real: SSH servers, etcd, API server, controllers, scheduler, the
Pulumi engine. Simulated: kk, kubelets and containers; the summary says so.

Change something and rehearse again: only the difference is applied. What breaks a rule of the policy
pack is refused, as at the site (docs/policies.md).
Needs Linux and root. State is kept apart from the site's own.`;

interface Context {
  loaded: LoadedSite;
  tools: RehearsalTools;
  prepared: PreparedRehearsal;
  result: Extract<Report, { kind: "finished" | "failed" }>;
}

async function rehearse(site: string, options: RehearseOptions): Promise<number> {
  const loaded = loadSite(site);
  requireMachine();
  const rehearsal = rehearsalOf(site, process.env);
  const expiry = options.keep ? "never" : new Date(Date.now() + IDLE_HOURS * 3_600_000);
  const progress = new DeploymentProgress(process.stdout.isTTY === true);
  const started = Date.now();
  const tasks = new Listr<Partial<Context>>(
    [
      {
        title: "Tools",
        task: async (context, task) => {
          context.tools = await findRehearsalTools((line) => {
            task.output = line;
          });
        },
      },
      {
        title: "End the previous rehearsal",
        enabled: options.fresh,
        task: () => endCleanly(site),
      },
      {
        title: `Simulated site: ${loaded.blueprint.hosts.length} hosts`,
        task: async (context, task) => {
          context.prepared = await prepareRehearsal({
            rehearsal,
            loaded,
            root: projectRoot,
            tools: have(context.tools),
            expiry,
            charts: options.charts && resolve(options.charts),
            progress: (step) => {
              task.output = step;
            },
          });
        },
      },
      {
        title: `pulumi up: release ${loaded.blueprint.release}`,
        task: async (context, task) => {
          const policyPacks = options.policies ? [POLICY_PACK] : [];
          const up = { kind: "up", root: projectRoot, policyPacks } as const;
          context.result = await runPulumi(have(context.prepared), up, (report) => {
            const line = progress.take(report);
            if (line !== undefined) task.output = line;
            // On a terminal what is done so far stands in the title, above the line that changes.
            if (process.stdout.isTTY === true && progress.counts() !== "") {
              task.title = `pulumi up: ${progress.counts()} …`;
            }
          });
          if (context.result.kind === "failed") throw new Error("the deployment failed");
          task.title = `pulumi up: ${progress.counts()}`;
        },
      },
    ],
    view(options.json),
  );
  const context: Partial<Context> = {};
  try {
    await tasks.run(context);
  } catch (fault) {
    if (context.result?.kind !== "failed") throw fault;
    process.stderr.write(`\n${progress.faults(context.result.message)}\n`);
    process.stderr.write(`${nextSteps(site, progress.wasRefused())}\n`);
    return exitCodes.deployment;
  }
  const { prepared, result } = context;
  if (!prepared || result?.kind !== "finished")
    throw new Error("the rehearsal ended without a result");
  const summary = rehearsalSummary({
    blueprint: loaded.blueprint,
    prepared,
    result,
    seconds: (Date.now() - started) / 1000,
    idleHours: options.keep ? undefined : IDLE_HOURS,
    warnings: progress.warnings(),
  });
  process.stdout.write(options.json ? `${JSON.stringify(summary.data, null, 2)}\n` : summary.text);
  return exitCodes.ok;
}

function nextSteps(site: string, refused: boolean): string {
  const all = `./sitewright enter ${site} pulumi preview -s ${site} --policy-pack ${POLICY_PACK}`;
  return [
    "  next: mend the cause and rehearse again; what is done stays done",
    ...(refused ? [`        all that is refused: ${all}`] : []),
    `        look inside: ./sitewright enter ${site}      start over: ./sitewright rehearse ${site} --fresh`,
  ].join("\n");
}

async function destroy(site: string, options: RehearseOptions): Promise<number> {
  const loaded = loadSite(site);
  requireMachine();
  const rehearsal = rehearsalOf(site, process.env);
  const running = describe(rehearsal).running;
  const progress = new DeploymentProgress(process.stdout.isTTY === true);
  const tasks = new Listr<Partial<Context>>(
    [
      {
        title: "pulumi destroy",
        enabled: running,
        task: async (context, task) => {
          const tools = await findRehearsalTools((line) => {
            task.output = line;
          });
          const prepared = await prepareRehearsal({
            rehearsal,
            loaded,
            root: projectRoot,
            tools,
            expiry: "never",
            progress: (step) => {
              task.output = step;
            },
          });
          const away = { kind: "destroy", root: projectRoot } as const;
          context.result = await runPulumi(prepared, away, (report) => {
            const line = progress.take(report);
            if (line !== undefined) task.output = line;
          });
        },
      },
      { title: "End the simulated hosts", task: () => endCleanly(site) },
    ],
    view(options.json),
  );
  const context: Partial<Context> = {};
  await tasks.run(context);
  const failed = context.result?.kind === "failed" ? context.result.message : undefined;
  if (failed !== undefined) {
    process.stderr.write(
      `\n${progress.faults(failed)}\n  next: the hosts are gone all the same; nothing is left to do\n`,
    );
  }
  const data = { site, destroyed: failed === undefined, wasRunning: running };
  if (options.json) process.stdout.write(`${JSON.stringify(data)}\n`);
  else if (!running)
    process.stdout.write(`${site} was not being rehearsed; nothing was left of it.\n`);
  else process.stdout.write(`${site} is gone: no process, mount, namespace or bridge is left.\n`);
  return failed === undefined ? exitCodes.ok : exitCodes.deployment;
}

async function endCleanly(site: string): Promise<void> {
  const left = await endAndForget(rehearsalOf(site, process.env));
  if (left.length === 0) return;
  throw new RunError(`the rehearsal of ${site} left something behind:\n  ${left.join("\n  ")}`, {
    exitCode: exitCodes.machine,
    nextStep: "end these by hand, then rehearse again",
  });
}

/** A redrawn view on a terminal, plain lines elsewhere, nothing beside the JSON. */
function view(json: boolean) {
  return {
    fallbackRenderer: "simple",
    silentRendererCondition: json,
    rendererOptions: { timer: PRESET_TIMER },
    fallbackRendererOptions: { timer: PRESET_TIMER },
  } as const;
}

function have<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("an earlier step has left no result");
  return value;
}
