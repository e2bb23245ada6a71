import type { Blueprint, HostBlueprint } from "../../site/blueprint-types";
import { selects } from "./label-selector";
import { nodesFor } from "./node-places";
import { fields, items } from "./objects";
import type { ReplicatedPods } from "./replicated-pods";

/** What keeps Pods of one kind apart, and what comes of it on the site's nodes. */

export const hostKey = "kubernetes.io/hostname";

export interface Spread {
  readonly path: string;
  /** `kubernetes.io/hostname`, or another label of nodes. */
  readonly key: string;
  /** Whether a Pod rather waits than breaks it. */
  readonly hard: boolean;
  /** Most Pods that come to stand on one node by it; Infinity for what is a wish only. */
  readonly mostOnOne: number;
  /** Pods that find a place by it. */
  readonly room: number;
  /** Whether no two Pods share a domain. */
  readonly alone: boolean;
}

/** Every spread that is over the Pods themselves and over something that tells their nodes apart. */
export function spreadsOf(
  pods: ReplicatedPods,
  namespace: string,
  blueprint: Blueprint,
): readonly Spread[] {
  const { nodeName, nodeSelector, affinity } = pods.spec;
  const nodes = nodesFor(blueprint, pods.spec);
  const inTolerance = { nodeName, nodeSelector, affinity, tolerations: [{ operator: "Exists" }] };
  const found = [
    ...antiAffinities(pods, namespace, nodes),
    ...constraints(pods, nodes, () => nodesFor(blueprint, inTolerance)),
  ];
  // A label that no node has keeps nothing apart, or by a constraint every Pod from starting.
  return found.filter(({ key, room }) => room === 0 || domains(nodes, key).size > 0);
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

function* antiAffinities(
  { path, spec, labels, replicas }: ReplicatedPods,
  namespace: string,
  nodes: readonly HostBlueprint[],
): Iterable<Spread> {
  const { podAntiAffinity } = fields(spec.affinity);
  const terms = fields(podAntiAffinity);
  const start = `${path}.affinity.podAntiAffinity`;
  for (const [at, term] of items(terms[required]).entries()) {
    const { topologyKey: key } = fields(term);
    if (typeof key !== "string" || !isOver(term, labels, namespace)) continue;
    // Nodes without the label take as many as there are.
    const isBound = nodes.every((node) => domainOf(node, key) !== undefined);
    yield {
      path: `${start}.${required}[${at}]`,
      key,
      hard: true,
      mostOnOne: isBound ? 1 : replicas,
      room: isBound ? domains(nodes, key).size : Number.POSITIVE_INFINITY,
      alone: isBound,
    };
  }
  for (const [at, weighted] of items(terms[preferred]).entries()) {
    const { podAffinityTerm: term } = fields(weighted);
    const { topologyKey: key } = fields(term);
    if (typeof key !== "string" || !isOver(term, labels, namespace)) continue;
    yield wish(`${start}.${preferred}[${at}]`, key);
  }
}

/** Whether a term of affinity speaks of Pods with these labels in this namespace. */
function isOver(term: unknown, labels: ReplicatedPods["labels"], namespace: string): boolean {
  const { labelSelector, namespaces, namespaceSelector } = fields(term);
  if (!selects(labelSelector, labels)) return false;
  const named = items(namespaces);
  const isOwn = named.length === 0 && namespaceSelector === undefined;
  return isOwn || named.includes(namespace) || selects(namespaceSelector, {});
}

function* constraints(
  { path, spec, labels, replicas }: ReplicatedPods,
  nodes: readonly HostBlueprint[],
  nodesOfAnyTaint: () => readonly HostBlueprint[],
): Iterable<Spread> {
  for (const [at, constraint] of items(spec.topologySpreadConstraints).entries()) {
    const { topologyKey: key, whenUnsatisfiable, labelSelector } = fields(constraint);
    if (typeof key !== "string" || !selects(labelSelector, labels)) continue;
    const where = `${path}.topologySpreadConstraints[${at}]`;
    if (whenUnsatisfiable === "ScheduleAnyway") {
      yield wish(where, key);
      continue;
    }
    const { maxSkew, minDomains, nodeTaintsPolicy = "Ignore" } = fields(constraint);
    const skew = typeof maxSkew === "number" ? maxSkew : 1;
    const usable = domains(nodes, key);
    const counted = nodeTaintsPolicy === "Honor" ? usable : domains(nodesOfAnyTaint(), key);
    // A domain that stays empty, since its nodes take none of the Pods or it is not there, holds the others down.
    const least = typeof minDomains === "number" ? minDomains : 1;
    const isHeldDown = counted.size > usable.size || usable.size < Math.max(1, least);
    const evenly = Math.floor((replicas + (usable.size - 1) * skew) / Math.max(1, usable.size));
    yield {
      path: where,
      key,
      hard: true,
      mostOnOne: isHeldDown ? skew : evenly,
      room: isHeldDown ? usable.size * skew : Number.POSITIVE_INFINITY,
      alone: false,
    };
  }
}

function wish(path: string, key: string): Spread {
  const { POSITIVE_INFINITY } = Number;
  return {
    path,
    key,
    hard: false,
    mostOnOne: POSITIVE_INFINITY,
    room: POSITIVE_INFINITY,
    alone: false,
  };
}

function domains(nodes: readonly HostBlueprint[], key: string): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => domainOf(node, key) ?? []));
}

function domainOf({ name, labels }: HostBlueprint, key: string): string | undefined {
  if (key === hostKey) return name;
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
