import { isNode } from "../nodes";
import type { Resources } from "../pod-types";
import { cpuMillis, memoryMiB } from "../quantities";
import type { MonitoringSettings } from "../schema/monitoring";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { DataBlueprint } from "./monitoring-types";
import { workers } from "./replicas";

/** How much Prometheus has to hold, and what it takes. */

/** Part of a volume after which the oldest figures go: the rest is what a block being written takes. */
const filled = 0.85;

/** What a reading takes on disk once it is compressed, with its part of the index. */
const bytesPerSample = 2;

/** Series of one node, of one API server, and of one workload with a handful of Pods. */
const seriesOf = { node: 3000, apiServer: 15_000, workload: 1500, base: 10_000 };

type Sized = Pick<Site, "hosts">;

/** Series that a site of this size shows at once, by and large. */
export function expectedSeries(
  { hosts }: Sized,
  { workloads }: Pick<Release, "workloads">,
): number {
  const apiServers = hosts.filter(({ roles }) => roles.includes("control-plane")).length;
  return (
    seriesOf.base +
    seriesOf.node * hosts.filter(isNode).length +
    seriesOf.apiServer * apiServers +
    seriesOf.workload * Object.keys(workloads).length
  );
}

/** What so many series of so many days take on disk. */
export function expectedGiB(
  series: number,
  { retentionDays, intervalSeconds }: Pick<MonitoringSettings, "retentionDays" | "intervalSeconds">,
): number {
  const samples = (retentionDays * 86_400) / intervalSeconds;
  return Math.ceil((series * samples * bytesPerSample) / 2 ** 30 / filled);
}

/** MiB after which the oldest figures go. */
export function retentionMiB({ sizeGiB }: Pick<DataBlueprint, "sizeGiB">): number {
  return Math.floor(sizeGiB * 1024 * filled);
}

/** Of each Prometheus: it grows with what it looks at. Queries and a restart, which reads everything new again, take twice that. */
export function prometheusResources(
  { hosts }: Sized,
  { workloads }: Pick<Release, "workloads">,
): Resources {
  const nodes = hosts.filter(isNode).length;
  const parts = Object.keys(workloads).length;
  const cpu = 100 + 10 * nodes + 2 * parts;
  const memory = 512 + 40 * nodes + 8 * parts;
  return {
    requests: { cpu: `${cpu}m`, memory: `${memory}Mi` },
    limits: { cpu: `${Math.max(1000, cpu * 4)}m`, memory: `${memory * 2}Mi` },
  };
}

/** What two containers of one Pod ask for. */
export function together(one: Resources, other: Resources): Resources {
  const sum = (of: "requests" | "limits") => ({
    cpu: `${cpuMillis(one[of].cpu) + cpuMillis(other[of].cpu)}m`,
    memory: `${memoryMiB(one[of].memory) + memoryMiB(other[of].memory)}Mi`,
  });
  return { requests: sum("requests"), limits: sum("limits") };
}

/** Pods of Prometheus and of Alertmanager: of two, one may be lost. */
export function monitoringReplicas(
  { hosts }: Sized,
  { replicas }: Pick<MonitoringSettings, "replicas">,
): number {
  return replicas ?? (workers(hosts).length > 1 ? 2 : 1);
}

/** Where something of this size is kept. */
export function dataOf(
  { storage }: Pick<Site, "storage">,
  { storageClass }: Pick<MonitoringSettings, "storageClass">,
  sizeGiB: number,
): DataBlueprint {
  if (storage === undefined) return { kind: "emptyDir", sizeGiB };
  return { kind: "claim", sizeGiB, ...(storageClass !== undefined && { storageClass }) };
}
