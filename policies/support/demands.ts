import type { Blueprint, HostBlueprint } from "../../site/blueprint-types";
import { noRoom, plus, type Room } from "../../site/capacity";
import type { Inventory } from "./inventory";
import { nodesFor } from "./node-places";
import { fields, groupKind, type KubernetesObject, namespaceOf } from "./objects";
import { podGroups } from "./pod-groups";
import { requestOf } from "./pod-requests";
import type { Subject } from "./subject";

/** Pods of one kind, what each asks for, and the nodes that may run them. */
export interface Demand {
  readonly subject: Subject;
  readonly pod: Room;
  /** Pods that find a place on any of the nodes. */
  readonly replicas: number;
  readonly nodes: readonly HostBlueprint[];
  /** Pods that a node has of its own: there, and lost with it. */
  readonly onNode: (name: string) => number;
}

/** Everything that a subject wants to run, at its height where something makes it grow by itself. */
export function demandsOf(
  subject: Subject,
  blueprint: Blueprint,
  heights: ReadonlyMap<string, number>,
): readonly Demand[] {
  const { object, patch } = subject;
  if (object === undefined || patch) return [];
  return podGroups(object).map((group) => {
    const { spec, pinned } = group;
    const replicas = Math.max(group.replicas, heights.get(keyOf(object)) ?? 0);
    const nodes = nodesFor(blueprint, spec);
    const everywhere = replicas === Number.POSITIVE_INFINITY;
    const one = new Set(everywhere ? nodes.map(({ name }) => name) : []);
    return {
      subject,
      pod: requestOf(group, namespaceOf(object), blueprint),
      replicas: everywhere ? 0 : Math.max(0, replicas),
      nodes,
      onNode: (name) => pinned?.get(name) ?? (one.has(name) ? 1 : 0),
    };
  });
}

const scaler = "autoscaling/HorizontalPodAutoscaler";

/** Most Pods of what grows by itself, for {@link demandsOf}. */
export function heightsOf(inventory: Inventory): ReadonlyMap<string, number> {
  const heights = inventory.of(scaler).flatMap(({ object }) => {
    const { maxReplicas, scaleTargetRef } = fields(object.spec);
    const { apiVersion, kind, name } = fields(scaleTargetRef);
    const texts = [apiVersion, kind, name].every((one) => typeof one === "string");
    if (!texts || typeof maxReplicas !== "number") return [];
    const { namespace } = object.metadata ?? {};
    const target = { apiVersion, kind, metadata: { namespace, name } } as KubernetesObject;
    return [[keyOf(target), maxReplicas] as const];
  });
  return new Map(heights);
}

function keyOf(object: KubernetesObject): string {
  return `${groupKind(object)} ${namespaceOf(object)}/${object.metadata?.name}`;
}

/** Several Pods together. */
export function pods(count: number, { cpuMillis, memoryMiB }: Room): Room {
  return { cpuMillis: count * cpuMillis, memoryMiB: count * memoryMiB };
}

/** Everything that demands take together. */
export function roomOfAll(demands: readonly Demand[]): Room {
  return demands.map(({ pod, replicas }) => pods(replicas, pod)).reduce(plus, noRoom);
}

/** Whether one room is large enough for what another holds. */
export function holds(room: Room, wanted: Room): boolean {
  return wanted.cpuMillis <= room.cpuMillis && wanted.memoryMiB <= room.memoryMiB;
}

/** As people read it. */
export function showRoom({ cpuMillis, memoryMiB }: Room): string {
  const gibibytes = Math.round(memoryMiB / 102.4) / 10;
  return `${Math.round(cpuMillis / 10) / 100} cores and ${gibibytes} GiB`;
}
