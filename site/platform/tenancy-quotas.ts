import { noRoom, plus, type Room } from "../capacity";
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
}

type CountedWorkload = Pick<
  WorkloadBlueprint,
  "kind" | "replicas" | "resources" | "antiAffinity" | "claims"
>;

const none: QuotaDemand = { requests: noRoom, limits: noRoom, pods: 0, claims: 0, storageGiB: 0 };

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
    }),
    none,
  );
}

/** Pods of a workload at the same time, the one more of a rolling update included. */
export function mostPods({
  kind,
  replicas,
  antiAffinity,
}: Pick<WorkloadBlueprint, "kind" | "replicas" | "antiAffinity">): number {
  // Where each Pod needs a host of its own the old one goes first, and a StatefulSet never has one more.
  const surges = kind === "Deployment" && antiAffinity !== "required" && replicas > 0;
  return replicas + (surges ? 1 : 0);
}

function workloadDemand(workload: CountedWorkload): QuotaDemand {
  const { requests, limits } = workload.resources;
  const pods = mostPods(workload);
  const storageGiB = workload.claims.reduce((sum, claim) => sum + claim.sizeGiB, 0);
  return {
    requests: times(pods, requests),
    limits: times(pods, limits),
    pods,
    claims: workload.replicas * workload.claims.length,
    storageGiB: workload.replicas * storageGiB,
  };
}

/** CPU and memory of `count` Pods. */
export function times(
  count: number,
  { cpu, memory }: { readonly cpu: string; readonly memory: string },
): Room {
  return { cpuMillis: count * cpuMillis(cpu), memoryMiB: count * memoryMiB(memory) };
}
