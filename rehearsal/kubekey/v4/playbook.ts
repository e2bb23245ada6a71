import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { struck } from "../engine/faults";
import { fault, type Module, type PipelineRun, runTask } from "../engine/pipeline";
import { Stop } from "../engine/stop";
import { clock } from "./play-voice";

/** A playbook's run and what it leaves in the work directory. */
export interface PlaybookRun extends PipelineRun {
  /** `--workdir`. */
  readonly workDir: string;
  /** `create-cluster` and the like; a random ending makes each run's name its own. */
  readonly playbook: string;
  /** Written to the record in clear, passwords and all, as the real one does. */
  readonly inventory: unknown;
  readonly config: unknown;
}

/**
 * Runs a playbook and leaves its status under `runtime/`, which is kk v4's only machine-readable result.
 * @throws {Stop} 1 after a failed task.
 */
export async function runPlaybook(modules: readonly Module[], run: PlaybookRun): Promise<void> {
  const name = `${run.playbook}-${randomBytes(3).toString("hex").slice(0, 5)}`;
  const counts = { total: 0, success: 0, ignored: 0, failed: 0 };
  const record = (phase: string, message = "") => writeRecord(run, name, phase, message, counts);
  record("Running");
  run.journal.print(`${clock()} [Playbook default/${name}] start`);
  let failure = "";
  const wanted = modules.filter((module) => module.skip !== true);
  for (const [index, module] of wanted.entries()) {
    if (run.faults.withoutMarker === true && index === wanted.length - 1) {
      struck(run.faults);
      throw new Stop(0);
    }
    await fault(module.name, run);
    for (const task of module.tasks()) {
      await fault(task.name, run);
      run.journal.print(`${clock()} [${module.name}] ${task.description}`);
      const { outcomes, failures } = await runTask({ ...task, tries: task.tries ?? 1 }, run);
      for (const [host, outcome] of outcomes) {
        const shown = host === "LocalHost" ? "localhost" : host;
        run.journal.print(`[${shown}]     ${outcome === "skipped" ? "skip   " : outcome}`);
      }
      counts.total += 1;
      if (failures.length === 0) counts.success += 1;
      else {
        counts.failed += 1;
        failure = failures.join("\n");
        run.journal.error(`task "${task.name}" failed:\n${failure}`);
        break;
      }
    }
    if (failure !== "") break;
  }
  run.journal.print(
    `${clock()} [Playbook default/${name}] finish. total: ${counts.total},success: ${counts.success},ignored: ${counts.ignored},failed: ${counts.failed}`,
  );
  record(failure === "" ? "Succeeded" : "Failed", failure);
  if (failure !== "") throw new Stop(1, `Error: ${failure}`);
}

function writeRecord(
  run: PlaybookRun,
  name: string,
  phase: string,
  failureMessage: string,
  statistics: Readonly<Record<string, number>>,
): void {
  const base = join(run.workDir, "runtime", "kubekey.kubesphere.io");
  const status = {
    phase,
    ...(failureMessage === "" ? {} : { failureReason: "task failed", failureMessage }),
    statistics,
  };
  const metadata = { name, namespace: "default" };
  const spec = {
    playbook: `playbooks/${run.playbook.replaceAll("-", "_")}.yaml`,
    config: run.config,
  };
  write(join(base, "v1", "playbooks", "default", name, `${name}.yaml`), {
    apiVersion: "kubekey.kubesphere.io/v1",
    kind: "Playbook",
    metadata,
    spec,
    status,
  });
  write(join(base, "v1", "inventories", "default", "default.yaml"), run.inventory);
}

function write(path: string, object: unknown): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, stringify(object));
}
