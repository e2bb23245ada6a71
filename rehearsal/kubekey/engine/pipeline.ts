import { setTimeout as delay } from "node:timers/promises";
import type { Faults } from "./faults";
import { struck } from "./faults";
import type { Voice } from "./journal";
import { Stop } from "./stop";

/** A host, or kk's own machine, that a task runs on. */
export interface Target {
  readonly name: string;
}

/** One step of a module, on some hosts. */
export interface Task<Host extends Target = Target> {
  readonly name: string;
  readonly description: string;
  /** Absent: kk's own machine, called LocalHost in the log. */
  readonly hosts?: readonly Host[];
  /** Default: 3 on hosts, 1 on kk's own machine. */
  readonly tries?: number;
  /** One host after the other instead of ten at once. */
  readonly serial?: boolean;
  /** False: the host is skipped. */
  readonly when?: (host: Host) => boolean | Promise<boolean>;
  readonly run: (host: Host) => Promise<void>;
}

/** A group of tasks. The tasks are made only when the module's turn comes. */
export interface Module {
  readonly name: string;
  readonly skip?: boolean;
  readonly tasks: () => readonly Task[];
}

/** What a run of modules needs from outside. */
export interface PipelineRun {
  readonly journal: Voice;
  readonly faults: Faults;
}

/** A task for typed hosts; the pipeline itself only needs their names. */
export function task<Host extends Target>(definition: Task<Host>): Task {
  return definition as unknown as Task;
}

const hostsAtOnce = 10;

/**
 * Runs the modules in order and says so as the real kk does, the marker last.
 * @throws the first failure, worded as the real one.
 */
export async function runPipeline(
  name: string,
  modules: readonly Module[],
  run: PipelineRun,
): Promise<void> {
  const wanted = modules.filter((module) => module.skip !== true);
  for (const [index, module] of wanted.entries()) {
    if (run.faults.withoutMarker === true && index === wanted.length - 1) {
      struck(run.faults);
      throw new Stop(0);
    }
    await fault(module.name, run);
    for (const each of module.tasks()) {
      await fault(each.name, run);
      run.journal.info(`[${module.name}] ${each.description}`);
      const { outcomes, failures } = await runTask(each, run);
      for (const [host, outcome] of outcomes) run.journal.info(`${outcome}: [${host}]`);
      if (failures.length > 0) {
        const text = failures.map((line) => `failed: ${line}`).join("\n");
        throw new Error(
          `Pipeline[${name}] execute failed: Module[${module.name}] exec failed: \n${text}`,
        );
      }
    }
  }
  run.journal.info(`Pipeline[${name}] execute successfully`);
}

/** Lets the fault wanted at this module or task strike. */
export async function fault(at: string, { faults, journal }: PipelineRun): Promise<void> {
  if (faults.slow?.at === at) {
    journal.info(`[rehearsal] ${at} is made slow for ${faults.slow.seconds} s`);
    await delay(faults.slow.seconds * 1000);
  }
  if (faults.dieAt === at) {
    struck(faults);
    process.kill(process.pid, "SIGKILL");
    await delay(60_000);
  }
}

/** How a task went on each host. */
export interface TaskEnd {
  readonly outcomes: ReadonlyMap<string, "success" | "skipped" | "failed">;
  /** Sentences, one a failed host. */
  readonly failures: readonly string[];
}

/** Runs a task on its hosts, ten at once unless it is serial, and tries again where it fails. */
export async function runTask(each: Task, run: PipelineRun): Promise<TaskEnd> {
  const hosts = each.hosts ?? [{ name: "LocalHost" }];
  const tries = each.tries ?? (each.hosts === undefined ? 1 : 3);
  const outcomes = new Map<string, "success" | "skipped" | "failed">();
  const failures: string[] = [];
  const queue = [...hosts];
  const worker = async () => {
    for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
      const failure = await runOn(each, host, tries, run, outcomes);
      if (failure !== undefined) failures.push(failure);
    }
  };
  const workers = each.serial === true ? 1 : Math.min(hostsAtOnce, hosts.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return { outcomes, failures };
}

async function runOn(
  each: Task,
  host: Target,
  tries: number,
  run: PipelineRun,
  outcomes: Map<string, "success" | "skipped" | "failed">,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (each.when !== undefined && !(await each.when(host))) {
        outcomes.set(host.name, "skipped");
        return undefined;
      }
      await each.run(host);
      outcomes.set(host.name, "success");
      return undefined;
    } catch (error) {
      if (error instanceof Stop) throw error;
      const text = error instanceof Error ? error.message : String(error);
      run.journal.message(host.name, text);
      if (attempt >= tries) {
        outcomes.set(host.name, "failed");
        return `[${host.name}] [${each.name}] exec failed after ${tries} retries: ${text}`;
      }
      run.journal.info(`retry: [${host.name}]`);
      await delay((run.faults.retryDelaySeconds ?? 5) * 1000);
    }
  }
}
