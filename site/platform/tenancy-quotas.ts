import { noRoom, plus, podRoom, type Room } from "../capacity";
import { cpuMillis, memoryMiB } from "../quantities";
import type { TenancyQuota } from "../schema/tenancy";
import type { WorkloadBlueprint } from "../workload/workload-types";

/** Arithmetic of quotas. */

/** What the workloads of a namespace take at their height, as a quota counts it. */
export interface QuotaDemand {
  readonly requests: Room;
  readonly limits: Room;
  readonly pods: number;
  readonly claims: number;
  readonly storageGiB: number;
  readonly nodePorts: number;
}

type CountedWorkload = Pick<
  WorkloadBlueprint,
  | "kind"
  | "replicas"
  | "resources"
  | "antiAffinity"
  | "claims"
  | "init"
  | "ports"
  | "volumes"
  | "settings"
>;

const none: QuotaDemand = {
  requests: noRoom,
  limits: noRoom,
  pods: 0,
  claims: 0,
  storageGiB: 0,
  nodePorts: 0,
};

/** A quota as Kubernetes writes it. */
export function quotaHard(quota: TenancyQuota): Readonly<Record<string, string>> {
  const { requests, limits, pods, claims, storageGiB, nodePorts } = quota;
  return {
    "requests.cpu": requests.cpu,
    "requests.memory": requests.memory,
    "limits.cpu": limits.cpu,
    "limits.memory": limits.memory,
    pods: String(pods),
    persistentvolumeclaims: String(claims),
    "requests.storage": `${storageGiB}Gi`,
    "services.nodeports": String(nodePorts),
    // No site has anything that would make one.
    "services.loadbalancers": "0",
  };
}

/** What workloads take together while every one of them is being replaced. */
export function quotaDemand(workloads: readonly CountedWorkload[]): QuotaDemand {
  return workloads.map(workloadDemand).reduce(
    (one, other) => ({
      requests: plus(one.requests, other.requests),
      limits: plus(one.limits, other.limits),
      pods: one.pods + other.pods,
      claims: one.claims + other.claims,
      storageGiB: one.storageGiB + other.storageGiB,
      nodePorts: one.nodePorts + other.nodePorts,
    }),
    none,
  );
}

/** Pods of a workload at the same time, the one more of a rolling update included. */
export function mostPods({
  kind,
  replicas,
  antiAffinity,
  settings,
}: Pick<WorkloadBlueprint, "kind" | "replicas" | "antiAffinity" | "settings">): number {
  // Where each Pod needs a host of its own the old one goes first, and a StatefulSet never has one more.
  const surges =
    kind === "Deployment" &&
    settings.updateStrategy === "rolling" &&
    antiAffinity !== "required" &&
    replicas > 0;
  return replicas + (surges ? 1 : 0);
}

function workloadDemand(workload: CountedWorkload): QuotaDemand {
  const pods = mostPods(workload);
  const sizes = claimedSizes(workload);
  return {
    requests: repeated(pods, podRoom(workload, "requests")),
    limits: repeated(pods, podRoom(workload, "limits")),
    pods,
    claims: sizes.length,
    storageGiB: sizes.reduce((sum, size) => sum + size, 0),
    nodePorts: workload.ports.filter(({ nodePort }) => nodePort !== undefined).length,
  };
}

/** Size in GiB of every volume that a workload claims for itself, those of each Pod included. */
function claimedSizes({
  claims,
  volumes,
  replicas,
}: Pick<WorkloadBlueprint, "claims" | "volumes" | "replicas">): readonly number[] {
  const each = claims.flatMap(({ sizeGiB }) => Array<number>(replicas).fill(sizeGiB));
  const own = volumes.flatMap(({ source }) => (source.kind === "claim" ? source.sizeGiB : []));
  return [...each, ...own];
}

function repeated(count: number, { cpuMillis, memoryMiB }: Room): Room {
  return { cpuMillis: count * cpuMillis, memoryMiB: count * memoryMiB };
}

/** CPU and memory of `count` Pods. */
export function times(
  count: number,
  { cpu, memory }: { readonly cpu: string; readonly memory: string },
): Room {
  return repeated(count, { cpuMillis: cpuMillis(cpu), memoryMiB: memoryMiB(memory) });
}
