import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { type LoadedSite, loadSite } from "../../site/load";
import { exitCodes } from "../exit-codes";
import { type Io, ownIo } from "../io";
import type { ApiAccess } from "../step/api-client";
import { painter } from "../view/colours";
import { withCluster } from "./cluster";
import { readRunning, readWarnings } from "./read";
import { isSound, statusJson, statusText } from "./report";
import { type WorkloadStatus, workloadStatuses } from "./status";

export interface StatusOptions {
  readonly json: boolean;
  readonly watch: boolean;
}

/** Between two looks with `--watch`. */
const watchSeconds = 5;

/** Options of the table, which may stand before the site or behind it. */
export function addStatusOptions(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON object", false)
    .option("--watch", `look again every ${watchSeconds} seconds, until Ctrl+C`, false);
}

/** Shows how a site's workloads run, and returns the exit code. */
export async function showStatus(
  site: string,
  { json, watch }: StatusOptions,
  io: Io = ownIo(),
): Promise<number> {
  const found = loadSite(site, io.root);
  return await withCluster(found, io, async (access) => {
    for (;;) {
      const statuses = await readStatuses(access, found);
      const text = json
        ? JSON.stringify(statusJson(statuses, place(found, io)), null, watch ? 0 : 2)
        : statusText(statuses, place(found, io)).join("\n");
      const clear = watch && !json && io.stdout.isTTY === true ? "\u001b[H\u001b[J" : "";
      io.stdout.write(`${clear}${text}\n`);
      if (!watch) return isSound(statuses) ? exitCodes.ok : exitCodes.deployment;
      await sleep(watchSeconds * 1000);
    }
  });
}

/** How each workload runs now. Warnings are read only where Pods alone do not tell what is wrong. */
export async function readStatuses(
  access: ApiAccess,
  { blueprint: { workloads }, release: { product } }: Pick<LoadedSite, "blueprint" | "release">,
): Promise<readonly WorkloadStatus[]> {
  const kinds = workloads.map(({ kind }) => kind);
  const running = await readRunning(access, product, kinds);
  const first = workloadStatuses(workloads, running);
  const unclear = first.filter(({ state }) => state === "not-ready");
  const namespaces = [...new Set(unclear.map(({ namespace }) => namespace))];
  if (namespaces.length === 0) return first;
  const warnings = await Promise.all(
    namespaces.map(
      async (namespace) => [namespace, await readWarnings(access, namespace)] as const,
    ),
  );
  return workloadStatuses(workloads, running, Object.fromEntries(warnings));
}

function place({ name, release }: LoadedSite, io: Io) {
  return {
    site: name,
    release: release.release,
    now: new Date(),
    paint: painter(io.stdout, io.env),
    columns: Math.max(120, io.stdout.columns ?? 0),
  };
}
