import { z } from "zod";
import type { Blueprint, HostBlueprint } from "../site/blueprint-types";
import { completed } from "./support/completed-resources";
import { knownNamespaces } from "./support/namespaces";
import { nodesFor } from "./support/node-places";
import { fields, namespaceOf } from "./support/objects";
import { ofBlueprint } from "./support/of-blueprint";
import { type PlacedResources, podGroups } from "./support/pod-groups";
import { gibi, quantity, writtenAmount } from "./support/quantity";
import { type Finding, subjectRule } from "./support/rule";
import { isKnown } from "./support/unknown";

const kinds = ["cpu", "memory"] as const;
type Kind = (typeof kinds)[number];

const ratio = (most: number, what: string) =>
  z
    .number()
    .min(1)
    .max(1000)
    .default(most)
    .describe(`How many times its request a container's limit of ${what} may be.`);

const amount = (what: string, given: string) =>
  z
    .string()
    .refine((value) => (quantity(value) ?? 0) > 0, { error: "a quantity above zero" })
    .default(given)
    .describe(`${what} where enforcement is \`remediate\` and the namespace has no limit range.`);

const settings = z.strictObject({
  cpuRatio: ratio(50, "cores"),
  memoryRatio: ratio(8, "memory"),
  requestCpu: amount("Cores that a container requests", "50m"),
  requestMemory: amount("Memory that a container requests", "64Mi"),
  limitCpu: amount("Limit of a container's cores", "500m"),
  limitMemory: amount("Limit of a container's memory", "512Mi"),
});

/** The most that any node of the site has, for Pods that no node may run: another rule tells of those. */
const everyNode = ofBlueprint(({ hosts }) => hosts.filter(({ node }) => node));

export const resourceLimits = subjectRule({
  name: "resource-limits",
  description:
    "Every container requests cores and memory and has limits of both, in bounds and no larger than a node.",
  why: "A container without a request lands on a node that is full, one without a limit takes the node with it, and a limit far above the request is memory that several Pods count on at once.",
  severity: "high",
  remedy:
    "state requests and limits of cpu and memory; ./sitewright check says what is left on the nodes",
  settings,
  *judge({ object }, { blueprint, settings: { cpuRatio, memoryRatio } }) {
    if (object === undefined) return;
    const groups = podGroups(object);
    if (groups.length === 0) return;
    const bounds = knownNamespaces(blueprint).get(namespaceOf(object))?.tenant?.containers;
    const seen = new Set<string>();
    for (const { containers, spec } of groups) {
      const nodes = nodesFor(blueprint, spec);
      for (const one of containers.filter(({ path }) => !seen.has(path))) {
        seen.add(one.path);
        yield* kindFindings(one, "cpu", cpuRatio, blueprint, nodes);
        yield* kindFindings(one, "memory", memoryRatio, blueprint, nodes);
        if (bounds !== undefined) yield* boundFindings(one, bounds.max);
      }
    }
  },
  mend(subject, { blueprint, settings: given }) {
    const { object, patch } = subject;
    if (object === undefined || patch) return undefined;
    const bounds = knownNamespaces(blueprint).get(namespaceOf(object))?.tenant?.containers;
    return completed(object, {
      requests: bounds?.defaultRequest ?? { cpu: given.requestCpu, memory: given.requestMemory },
      limits: bounds?.default ?? { cpu: given.limitCpu, memory: given.limitMemory },
      ratios: { cpu: given.cpuRatio, memory: given.memoryRatio },
    });
  },
});

/** Request and limit of one thing. */
function* kindFindings(
  { path, resources }: PlacedResources,
  kind: Kind,
  ratioAllowed: number,
  blueprint: Blueprint,
  nodes: readonly HostBlueprint[],
): Iterable<Finding> {
  const request = yield* stated(path, resources, "requests", kind);
  const limit = yield* stated(path, resources, "limits", kind);
  const largest = Math.max(...(nodes.length > 0 ? nodes : everyNode(blueprint)).map(roomOf(kind)));
  const of = nodes.length > 0 ? "that it may run on" : "of the site";
  for (const [name, value] of [
    ["requests", request],
    ["limits", limit],
  ] as const) {
    if (value === undefined || value <= largest) continue;
    const most = kind === "cpu" ? `${largest} cores` : `${largest / gibi}Gi`;
    const needed = `at most ${most}, which the largest node ${of} has`;
    yield { path: `${path}.${name}.${kind}`, needed, given: written(resources, name, kind) };
  }
  if (request === undefined || limit === undefined) return;
  const given = `a limit of ${written(resources, "limits", kind)} over a request of ${written(resources, "requests", kind)}`;
  if (limit < request) {
    yield { path: `${path}.limits.${kind}`, needed: "at least what is requested", given };
  } else if (limit > request * ratioAllowed) {
    const needed = `at most ${ratioAllowed} times what is requested`;
    const next = "raise the request to what it takes at work, or lower the limit";
    yield { path: `${path}.limits.${kind}`, needed, given, next };
  }
}

/** An amount that must be there; undefined where it is not, or not known yet. */
function* stated(
  path: string,
  resources: PlacedResources["resources"],
  name: "requests" | "limits",
  kind: Kind,
): Generator<Finding, number | undefined> {
  const at = `${path}.${name}.${kind}`;
  const what = kind === "cpu" ? "cores such as 250m" : "memory such as 128Mi";
  if (!isKnown(resources, name)) return undefined;
  const amounts = fields(resources[name]);
  if (!isKnown(amounts, kind)) return undefined;
  const value = amounts[kind];
  if (value === undefined || value === null) {
    yield { path: at, needed: what, given: "nothing", absent: true };
    return undefined;
  }
  const read = quantity(value);
  // A limit of nothing is none at all.
  if (read === undefined || read === 0) {
    yield { path: at, needed: what, given: written(resources, name, kind) };
    return undefined;
  }
  return read;
}

/** What the limit range of the namespace refuses. */
function* boundFindings(
  { path, resources }: PlacedResources,
  most: { readonly [kind in Kind]: string },
): Iterable<Finding> {
  for (const kind of kinds) {
    if (!isKnown(resources, "limits") || !isKnown(fields(resources.limits), kind)) continue;
    const limit = quantity(fields(resources.limits)[kind]);
    if (limit === undefined || limit <= (quantity(most[kind]) ?? 0)) continue;
    const needed = `at most ${most[kind]}, the bound of containers in its namespace`;
    yield { path: `${path}.limits.${kind}`, needed, given: written(resources, "limits", kind) };
  }
}

function roomOf(kind: Kind): (host: HostBlueprint) => number {
  return ({ cpus, memoryGiB }) => (kind === "cpu" ? cpus : memoryGiB * gibi);
}

/** As it stands there, for messages. */
function written(
  resources: PlacedResources["resources"],
  name: "requests" | "limits",
  kind: Kind,
): string {
  return writtenAmount(fields(resources[name])[kind]);
}
