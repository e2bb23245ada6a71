import type { Blueprint, HostBlueprint } from "../site/blueprint-types";
import { allocatable, noRoom, plus, type Room, roomWithoutLargest } from "../site/capacity";
import {
  type Demand,
  demandsOf,
  heightsOf,
  holds,
  pods,
  roomOfAll,
  showRoom,
} from "./support/demands";
import { type FindingAbout, wholeRule } from "./support/rule";
import { Unknowns } from "./support/unknowns";

export const capacity = wholeRule({
  name: "capacity",
  description:
    "Everything that the stack runs finds room on the nodes that may run it, also with as many lost as the site spares.",
  why: "When a node is gone at night, Pods that no other has room for wait until it is back, and which ones they are is chance.",
  severity: "high",
  remedy:
    "add or enlarge nodes of that kind, lower requests or replicas, or spare fewer nodes in the site file",
  // What is left on a node does not become more by leaving somebody out.
  exemptible: false,
  *judgeAll(inventory, { blueprint }) {
    const unknowns = new Unknowns();
    const heights = new Map(unknowns.without(() => heightsOf(inventory)));
    const demands = inventory.subjects.flatMap((subject) =>
      unknowns.without(() => demandsOf(subject, blueprint, heights)),
    );
    const free = new Map<string, Room>();
    for (const host of blueprint.hosts.filter(({ node }) => node)) {
      const ofNode = demands.filter(({ onNode }) => onNode(host.name) > 0);
      const room = allocatable(host, blueprint.capacity.overhead);
      const taken = ofNode
        .map(({ pod, onNode }) => pods(onNode(host.name), pod))
        .reduce(plus, noRoom);
      free.set(host.name, without(room, taken));
      if (!holds(room, taken)) yield overfull(host, room, taken, ofNode);
    }
    const movable = demands.filter(({ replicas }) => replicas > 0);
    for (const demand of movable) yield* placeFindings(demand, free);
    for (const pool of shortPools(movable, free, blueprint)) yield shortage(pool, blueprint);
    unknowns.tell();
  },
});

function without(room: Room, taken: Room): Room {
  return {
    cpuMillis: Math.max(0, room.cpuMillis - taken.cpuMillis),
    memoryMiB: Math.max(0, room.memoryMiB - taken.memoryMiB),
  };
}

/** A node whose own Pods do not find room. */
function overfull(
  { name }: HostBlueprint,
  room: Room,
  taken: Room,
  demands: readonly Demand[],
): FindingAbout {
  const needed = `room for what runs on every node, and so on ${name}: ${showRoom(taken)}`;
  const given = `${showRoom(room)} there; the most for ${most(demands, onNode(name))}`;
  return { about: largest(demands, onNode(name)), path: "", needed, given };
}

/** One Pod has to fit on one node, however much all of them have together. */
function* placeFindings(
  { subject, pod, replicas, nodes }: Demand,
  free: ReadonlyMap<string, Room>,
): Iterable<FindingAbout> {
  // Of several Pods without a node, pod-spread tells.
  if (nodes.length === 0 && replicas > 1) return;
  const rooms = nodes.map(({ name }) => free.get(name) ?? noRoom);
  if (rooms.some((room) => holds(room, pod))) return;
  const needed =
    nodes.length === 0
      ? "a node with the labels that its Pod asks for, and no taints but those that it tolerates"
      : `a node with room for one Pod that requests ${showRoom(pod)}`;
  const given =
    nodes.length === 0
      ? "none at the site"
      : `at most ${showRoom(rooms.reduce(larger))} beside what runs on every node`;
  const next =
    nodes.length === 0 ? "change nodeSelector, affinity or tolerations" : "lower its requests";
  yield { about: subject, path: "", needed, given, next };
}

function larger(one: Room, other: Room): Room {
  return one.cpuMillis + one.memoryMiB > other.cpuMillis + other.memoryMiB ? one : other;
}

/** Nodes that some Pods are confined to, with everything that is confined to them. */
interface Pool {
  readonly nodes: readonly HostBlueprint[];
  readonly demands: readonly Demand[];
  readonly left: Room;
}

/** Pools that are too small with the site's spare nodes lost; none that is only so for a smaller one within. */
function shortPools(
  demands: readonly Demand[],
  free: ReadonlyMap<string, Room>,
  { capacity: { spareNodes } }: Blueprint,
): readonly Pool[] {
  const kinds = new Map(
    demands.map(({ nodes }) => [nodes.map(({ name }) => name).join(" "), nodes]),
  );
  const short = [...kinds.values()]
    .filter((nodes) => nodes.length > 0)
    .map((nodes): Pool => {
      const inside = new Set(nodes);
      const rooms = nodes.map(({ name }) => free.get(name) ?? noRoom);
      return {
        nodes,
        demands: demands.filter((one) => one.nodes.length > 0 && isWithin(one.nodes, inside)),
        left: roomWithoutLargest(rooms, spareNodes),
      };
    })
    .filter((pool) => !holds(pool.left, roomOfAll(pool.demands)));
  return short.filter((pool) => {
    const inside = new Set(pool.nodes);
    return !short.some((other) => other !== pool && isWithin(other.nodes, inside));
  });
}

function isWithin(nodes: readonly HostBlueprint[], all: ReadonlySet<HostBlueprint>): boolean {
  return nodes.every((node) => all.has(node));
}

function shortage({ nodes, demands, left }: Pool, { capacity }: Blueprint): FindingAbout {
  const wanted = showRoom(roomOfAll(demands));
  const names = nodes.map(({ name }) => name).join(", ");
  const { spareNodes } = capacity;
  const lost =
    spareNodes === 0 ? "" : ` with the largest${spareNodes > 1 ? ` ${spareNodes}` : ""} lost`;
  const needed = `room for Pods that only ${names} may run, which request ${wanted}`;
  const given = `${showRoom(left)} there${lost}; the most for ${most(demands, allReplicas)}`;
  return { about: largest(demands, allReplicas), path: "", needed, given };
}

type Count = (demand: Demand) => number;

const allReplicas: Count = ({ replicas }) => replicas;

function onNode(name: string): Count {
  return (demand) => demand.onNode(name);
}

function bySize(demands: readonly Demand[], count: Count): readonly Demand[] {
  // A core weighs as much as the 4 GiB that usually come with it.
  const size = (demand: Demand) => {
    const { cpuMillis, memoryMiB } = pods(count(demand), demand.pod);
    return cpuMillis / 1000 + memoryMiB / 4096;
  };
  return demands.toSorted((one, other) => size(other) - size(one));
}

function largest(demands: readonly Demand[], count: Count): Demand["subject"] {
  const [first] = bySize(demands, count);
  if (first === undefined) throw new Error("nothing is never too large");
  return first.subject;
}

/** The three that ask for most. */
function most(demands: readonly Demand[], count: Count): string {
  return bySize(demands, count)
    .slice(0, 3)
    .map((demand) => `${demand.subject.title} (${showRoom(pods(count(demand), demand.pod))})`)
    .join(", ");
}
