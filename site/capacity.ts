import type { CapacityReport, HostBlueprint } from "./blueprint-types";
import { isNode, nodeLabels, nodeTaints } from "./nodes";
import type { Resources } from "./pod-types";
import { cpuMillis, memoryMiB } from "./quantities";
import type { Site, SiteHost } from "./schema/site";
import type { InitBlueprint } from "./workload/pod-types";
import type { WorkloadBlueprint } from "./workload/workload-types";

/** Room on nodes or wanted by Pods: cpu in thousandths of a core, memory in MiB. */
export interface Room {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

export type CapacityHost = Pick<
  HostBlueprint,
  "name" | "node" | "cpus" | "memoryGiB" | "labels" | "taints"
>;

export type CapacityWorkload = Pick<
  WorkloadBlueprint,
  "name" | "replicas" | "resources" | "nodeSelector" | "antiAffinity"
> & {
  /** Keys of taints that its Pods bear. Default: none. */
  readonly tolerates?: readonly string[];
  readonly init?: readonly InitRoom[];
};

/** A container that runs before the one that a Pod is for, or from then on beside it. */
type InitRoom = Pick<InitBlueprint, "resources" | "sidecar">;

/** Containers of a Pod, as far as room is concerned. */
export interface PodContainers {
  readonly resources: Resources;
  /** In the order in which they run. Default: none. */
  readonly init?: readonly InitRoom[];
}

export const noRoom: Room = { cpuMillis: 0, memoryMiB: 0 };

export function plus(one: Room, other: Room): Room {
  return {
    cpuMillis: one.cpuMillis + other.cpuMillis,
    memoryMiB: one.memoryMiB + other.memoryMiB,
  };
}

/** What a node leaves for Pods after its own overhead. */
export function allocatable(host: CapacityHost, overhead: Room): Room {
  return {
    cpuMillis: Math.max(0, host.cpus * 1000 - overhead.cpuMillis),
    memoryMiB: Math.max(0, host.memoryGiB * 1024 - overhead.memoryMiB),
  };
}

/** What one Pod of a workload asks the scheduler for. */
export function podRequest(pod: PodContainers): Room {
  return podRoom(pod, "requests");
}

/**
 * Requests or limits of a Pod as Kubernetes counts them: its container with those beside it, or more where one that
 * runs before needs more than that.
 */
export function podRoom({ resources, init = [] }: PodContainers, of: "requests" | "limits"): Room {
  let beside = noRoom;
  let most = noRoom;
  for (const one of init) {
    const own = roomOf(one.resources[of]);
    most = largest(most, plus(beside, own));
    if (one.sidecar) beside = plus(beside, own);
  }
  return largest(most, plus(beside, roomOf(resources[of])));
}

function roomOf({ cpu, memory }: Resources["requests"]): Room {
  return { cpuMillis: cpuMillis(cpu), memoryMiB: memoryMiB(memory) };
}

function largest(one: Room, other: Room): Room {
  return {
    cpuMillis: Math.max(one.cpuMillis, other.cpuMillis),
    memoryMiB: Math.max(one.memoryMiB, other.memoryMiB),
  };
}

/** What all Pods of a workload ask for together. */
export function workloadRequest(workload: PodContainers & { readonly replicas: number }): Room {
  const pod = podRequest(workload);
  return {
    cpuMillis: pod.cpuMillis * workload.replicas,
    memoryMiB: pod.memoryMiB * workload.replicas,
  };
}

/** Nodes that Pods with these selectors may land on: the labels are there, no taint repels. Ordinary Pods bear none. */
export function eligibleNodes<Host extends CapacityHost>(
  hosts: readonly Host[],
  nodeSelector: Readonly<Record<string, string>>,
  tolerates: readonly string[] = [],
): readonly Host[] {
  return hosts.filter(
    (host) =>
      host.node &&
      host.taints.every(
        ({ key, effect }) => effect === "PreferNoSchedule" || tolerates.includes(key),
      ) &&
      Object.entries(nodeSelector).every(([key, value]) => host.labels[key] === value),
  );
}

/** Hosts of a site that Pods with these selectors may land on, as the site states them. */
export function eligibleHosts(
  { hosts }: Pick<Site, "hosts">,
  nodeSelector: Readonly<Record<string, string>>,
  tolerates?: readonly string[],
): readonly SiteHost[] {
  const nodes = hosts.map((host) => ({ ...asNode(host), host }));
  return eligibleNodes(nodes, nodeSelector, tolerates).map(({ host }) => host);
}

/** A host as capacity sees it. */
export function asNode(host: SiteHost): CapacityHost {
  const { name, cpus, memoryGiB } = host;
  return {
    name,
    cpus,
    memoryGiB,
    node: isNode(host),
    labels: nodeLabels(host),
    taints: nodeTaints(host),
  };
}

/** Room of some nodes once the largest `lost` of them are gone, taken for cpu and memory apart. */
export function roomWithoutLargest(rooms: readonly Room[], lost: number): Room {
  return {
    cpuMillis: sumWithoutLargest(
      rooms.map((room) => room.cpuMillis),
      lost,
    ),
    memoryMiB: sumWithoutLargest(
      rooms.map((room) => room.memoryMiB),
      lost,
    ),
  };
}

function sumWithoutLargest(amounts: readonly number[], lost: number): number {
  return amounts
    .toSorted((one, other) => other - one)
    .slice(lost)
    .reduce((sum, amount) => sum + amount, 0);
}

/** Room and demand of the whole site, for the report. */
export function capacityReport(
  hosts: readonly CapacityHost[],
  workloads: readonly (PodContainers & { readonly replicas: number })[],
  overhead: Room,
  spareNodes: number,
): CapacityReport {
  const rooms = eligibleNodes(hosts, {}).map((host) => allocatable(host, overhead));
  return {
    allocatable: rooms.reduce(plus, noRoom),
    withLargestNodeLost: roomWithoutLargest(rooms, 1),
    requested: workloads.map(workloadRequest).reduce(plus, noRoom),
    overhead,
    spareNodes,
  };
}
