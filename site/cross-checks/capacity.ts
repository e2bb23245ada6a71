import {
  allocatable,
  asNode,
  type CapacityHost,
  type CapacityWorkload,
  eligibleNodes,
  noRoom,
  plus,
  podRequest,
  type Room,
  roomWithoutLargest,
  workloadRequest,
} from "../capacity";
import type { CheckInput, CrossCheck } from "../check-input";
import { platformParts } from "../platform/named-parts";
import { type Problem, siteProblem } from "../problems";
import { withCanaries } from "../workload/canary";
import { derivedPlatform, derivedWorkloads } from "./derived";

/** Workloads that may run on the same nodes, and those nodes. */
interface Pool {
  readonly nodes: readonly CapacityHost[];
  readonly workloads: readonly CapacityWorkload[];
}

/** Every Pod finds a place, also with as many nodes lost as the site wants to spare. */
export const capacity: CrossCheck = {
  reads: [["hosts"], ["capacity"], ["workloads"], ...platformParts.map((part) => [part])],
  find: (input) => {
    const hosts = input.hosts.map(({ host }) => asNode(host));
    const workloads = derivedWorkloads(input).filter(({ replicas }) => replicas > 0);
    const platform = derivedPlatform(input);
    if (platform === undefined) return [];
    const pods = platform.pods.map((pod) => ({ ...pod, antiAffinity: "preferred" as const }));
    // What a canary's Pods need is what the workload's need; they count where Pods are added up.
    const pools = poolsOf(hosts, [...withCanaries(workloads), ...pods]);
    return [
      ...workloads.flatMap((workload) => placeProblems(workload, hosts, input)),
      ...pods.flatMap((pod) => placeProblems(pod, hosts, input)),
      ...pools.flatMap((pool) => roomProblems(pool, input)),
    ];
  },
};

/** What one workload needs of the nodes it may run on, whatever else runs there. */
function placeProblems(
  workload: CapacityWorkload,
  hosts: readonly CapacityHost[],
  { catalogue }: CheckInput,
): readonly Problem[] {
  const { name, replicas, antiAffinity, nodeSelector, tolerates = [] } = workload;
  const nodes = eligibleNodes(hosts, nodeSelector, tolerates);
  if (nodes.length === 0) {
    const wanted = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
    const needed = `a node ${tolerates.length > 0 ? "that its Pods bear" : "with the role worker"}${wanted.length > 0 ? ` and the labels ${wanted.join(", ")}` : ""} for workload ${name}`;
    return [siteProblem(["hosts"], needed, "none")];
  }
  if (antiAffinity === "required" && replicas > nodes.length) {
    const needed = `at most ${nodes.length} for workload ${name}: its Pods need a host each, and so many may run them`;
    return [
      siteProblem(
        ["workloads", name, "replicas"],
        needed,
        String(replicas),
        `set it to ${nodes.length}, or add hosts`,
      ),
    ];
  }
  const pod = podRequest(workload);
  const fits = nodes
    .map((node) => allocatable(node, catalogue.nodes.overhead))
    .some((room) => room.cpuMillis >= pod.cpuMillis && room.memoryMiB >= pod.memoryMiB);
  if (fits) return [];
  const needed = `requests for workload ${name} that fit on one node`;
  return [siteProblem(["workloads", name, "resources"], needed, showRoom(pod))];
}

/** Sums, for every set of nodes, what all workloads that are confined to it ask for. */
function roomProblems(
  { nodes, workloads }: Pool,
  { site, catalogue }: CheckInput,
): readonly Problem[] {
  const { spareNodes } = site.capacity;
  const rooms = nodes.map((node) => allocatable(node, catalogue.nodes.overhead));
  const left = roomWithoutLargest(rooms, spareNodes);
  const wanted = workloads.map(workloadRequest).reduce(plus, noRoom);
  if (wanted.cpuMillis <= left.cpuMillis && wanted.memoryMiB <= left.memoryMiB) return [];
  const lost = spareNodes === 0 ? "" : ` with ${spareNodes} of them lost`;
  const names = workloads.map(({ name }) => name).join(", ");
  return [
    siteProblem(
      ["capacity"],
      `room for workloads ${names}, which ask for ${showRoom(wanted)}`,
      `${showRoom(left)} on ${nodes.length} nodes${lost}`,
      "add or enlarge workers, lower requests or replicas, or spare fewer nodes",
    ),
  ];
}

/** One pool for each set of nodes that some workload is confined to, with all workloads within it. */
function poolsOf(
  hosts: readonly CapacityHost[],
  workloads: readonly CapacityWorkload[],
): readonly Pool[] {
  const eligible = workloads.map((workload) => ({
    workload,
    nodes: eligibleNodes(hosts, workload.nodeSelector, workload.tolerates),
  }));
  const pools = new Map(
    eligible.map(({ nodes }) => [nodes.map(({ name }) => name).join(" "), nodes]),
  );
  return [...pools.values()]
    .filter((nodes) => nodes.length > 0)
    .map((nodes) => ({
      nodes,
      workloads: eligible
        .filter(
          (other) => other.nodes.every((node) => nodes.includes(node)) && other.nodes.length > 0,
        )
        .map(({ workload }) => workload),
    }));
}

function showRoom({ cpuMillis, memoryMiB }: Room): string {
  return `${cpuMillis / 1000} cores and ${Math.round(memoryMiB / 102.4) / 10} GiB`;
}
