import type { LoggingSettings } from "../schema/logging";
import type { SiteHost } from "../schema/site";
import type { BeatLine, BeatRoom } from "./logging-types";

/** How much a beat may hold, and how much nodes keep of what it has not read. */

/** Memory of one entry with its fields, and of the copy that is on its way, in KiB. */
const entryKiB = 8;

/** The program itself, and what it knows of a node full of Pods, in MiB. */
const baseMiB = 128;

/** Buffers of an open file, a compressed one among them, in KiB. */
const fileKiB = 116;

/** Go's garbage collector works harder above it, and the kernel ends the process at the limit. */
const goPart = 0.9;

type Machine = Pick<SiteHost, "cpus" | "memoryGiB">;

/** Entries that wait on a node: more cores write more in the seconds that an output hesitates. */
function queueEvents(machines: readonly Machine[], bulkEvents: number): number {
  const cores = Math.max(...machines.map(({ cpus }) => cpus));
  return Math.max(Math.min(16_384, Math.max(2048, cores * 1024)), 2 * bulkEvents);
}

/** Memory of what is held, in MiB. */
export function heldMiB(queued: number, bulkEvents: number, openFiles: number): number {
  const entries = queued + 2 * bulkEvents;
  return baseMiB + Math.ceil((entries * entryKiB + openFiles * fileKiB) / 1024);
}

/** Room of a beat on every one of these machines: one set of limits, which the largest needs. */
export function beatRoom(
  machines: readonly Machine[],
  bulkEvents: number,
  openFiles: number,
  diskQueueGiB?: number,
): BeatRoom {
  const cores = Math.max(...machines.map(({ cpus }) => cpus));
  const queued = queueEvents(machines, bulkEvents);
  // A queue that is full after an outage is when a beat is ended for its memory.
  const limit = roundUp(heldMiB(queued, bulkEvents, openFiles) / goPart, 64);
  return {
    queueEvents: queued,
    ...(diskQueueGiB !== undefined && { diskQueueGiB }),
    resources: {
      requests: { cpu: "100m", memory: `${roundUp(limit / 2, 32)}Mi` },
      // Short of processor time, entries pile up in memory.
      limits: { cpu: cores > 8 ? "2" : "1", memory: `${limit}Mi` },
    },
    goMemoryMiB: Math.floor(limit * goPart),
  };
}

/** What the container beside a workload holds: one application's files. */
export const shipperRoom: BeatRoom = {
  queueEvents: 1024,
  resources: {
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "128Mi" },
  },
  goMemoryMiB: 115,
};

/** Entries that it sends at once. */
export const shipperBulk = 256;

/** Line of the beats of a site. */
export function logLine({ output }: Pick<LoggingSettings, "output">): BeatLine {
  const { elasticsearch, logstash, kafka } = output ?? {};
  return (elasticsearch ?? logstash ?? kafka)?.line ?? "9";
}

/** Files that kubelets keep of a container's output. */
export interface NodeFiles {
  readonly maxSizeMiB: number;
  readonly maxFiles: number;
}

/** What they keep at this site: as stated, else what bridges the outage. */
export function nodeFiles(logging: LoggingSettings, line: BeatLine): NodeFiles {
  const { nodeFiles: stated } = logging;
  if (stated !== undefined) return stated;
  const maxFiles = line === "9" ? 6 : 3;
  const kept = bridgedFiles(maxFiles, line);
  return { maxSizeMiB: roundUp(neededMiB(logging) / kept, 10), maxFiles };
}

/** What the busiest container writes while the output is away, in MiB. */
export function neededMiB({ busiestMiBPerHour, maxOutageHours }: LoggingSettings): number {
  return busiestMiBPerHour * maxOutageHours;
}

/** What is kept of it for certain, in MiB. */
export function bridgedMiB({ maxSizeMiB, maxFiles }: NodeFiles, line: BeatLine): number {
  return maxSizeMiB * bridgedFiles(maxFiles, line);
}

/**
 * Whole files that are there for certain: the current one may have just begun. All that were put aside but the newest
 * are compressed, which the older line does not read.
 */
function bridgedFiles(maxFiles: number, line: BeatLine): number {
  return line === "9" ? maxFiles - 1 : 1;
}

function roundUp(number: number, to: number): number {
  return Math.ceil(number / to) * to;
}
