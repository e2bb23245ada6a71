import { z } from "zod";
import { addedAntiAffinity } from "./support/added-anti-affinity";
import { nodesFor } from "./support/node-places";
import { fields, groupKind, items, type KubernetesObject, namespaceOf } from "./support/objects";
import { hostKey, type Spread, spreadsOf } from "./support/pod-spreads";
import { type ReplicatedPods, replicatedPods } from "./support/replicated-pods";
import { type Finding, subjectRule } from "./support/rule";
import { rollingBounds } from "./support/share-of-pods";

const settings = z.strictObject({
  requiredFrom: z
    .int({ error: "a number of Pods" })
    .min(2, { error: "2 or more Pods" })
    .default(3)
    .describe("Pods of a StatefulSet from which on a wish to keep them apart does not do."),
});

export const podSpread = subjectRule({
  name: "pod-spread",
  description:
    "Pods of one kind are kept apart, those of larger StatefulSets so that a majority outlives any node, and nodes suffice for it.",
  why: "Copies that share a node go down with it, all at once; and an update stands still when no node is left that may take a Pod.",
  severity: "high",
  remedy:
    "give the Pods an anti-affinity or topology spread over kubernetes.io/hostname that selects them",
  settings,
  *judge({ object }, { blueprint, settings: { requiredFrom } }) {
    const pods = replicatedPods(object);
    if (object === undefined || pods === undefined || pods.replicas < 2) return;
    const nodes = nodesFor(blueprint, pods.spec);
    if (nodes.length === 0) {
      yield { ...nowhere, path: pods.path };
      return;
    }
    const spreads = spreadsOf(pods, namespaceOf(object), blueprint);
    const names = nodes.map(({ name }) => name);
    const unmet = [...withoutRoom(pods, object, spreads, names)];
    yield* unmet;
    if (unmet.length === 0) yield* lack(pods, spreads, requiredFrom, nodes.length);
  },
  mend({ object, properties, patch }, { blueprint, settings: { requiredFrom } }) {
    const pods = replicatedPods(object);
    if (object === undefined || pods === undefined || patch) return undefined;
    const spreads = spreadsOf(pods, namespaceOf(object), blueprint);
    const nodes = nodesFor(blueprint, pods.spec).length;
    const [missing] = pods.replicas < 2 ? [] : lack(pods, spreads, requiredFrom, nodes);
    if (missing === undefined) return undefined;
    const isRequired = needsMajority(pods, requiredFrom);
    if (nodes < (isRequired ? pods.replicas : 1)) return undefined;
    return addedAntiAffinity(properties, object, pods, isRequired ? "required" : "preferred");
  },
});

const nowhere = {
  needed: "a node that takes its Pods",
  given: "none of the site's nodes, by its selectors and tolerations",
  next: "mend nodeSelector, node affinity and tolerations, or the labels and taints in the site file",
};

function* withoutRoom(
  { replicas }: ReplicatedPods,
  object: KubernetesObject,
  spreads: readonly Spread[],
  nodes: readonly string[],
): Iterable<Finding> {
  const given = `${nodes.length} that take its Pods: ${nodes.slice(0, 5).join(", ")}${nodes.length > 5 ? " …" : ""}`;
  for (const { path, key, room, alone } of spreads) {
    if (replicas > room) {
      const needed = `nodes for ${replicas} Pods, apart by ${key} (there is room for ${room})`;
      yield { path, needed, given, next: "lower replicas, or make it a wish" };
    } else if (alone && replicas === room && !makesRoomFirst(object, replicas)) {
      yield {
        path: "spec.strategy.rollingUpdate.maxUnavailable",
        needed: `1 or more, since the ${replicas} Pods leave no node for a further one`,
        given: "none by its strategy",
        next: "set maxUnavailable to 1 and maxSurge to 0",
        absent: fields(object.spec).strategy === undefined,
      };
    }
  }
}

/** Whether an update ends a Pod before it starts another; only a Deployment's need not. */
function makesRoomFirst(object: KubernetesObject, replicas: number): boolean {
  if (groupKind(object) !== "apps/Deployment") return true;
  const { type, rollingUpdate } = fields(fields(object.spec).strategy);
  if (type === "Recreate") return true;
  return (rollingBounds(fields(rollingUpdate), replicas)?.short ?? 1) > 0;
}

function* lack(
  pods: ReplicatedPods,
  spreads: readonly Spread[],
  requiredFrom: number,
  nodes: number,
): Iterable<Finding> {
  const { path, replicas, spec } = pods;
  const at = { path: `${path}.affinity.podAntiAffinity` };
  if (needsMajority(pods, requiredFrom)) {
    const most = Math.min(...spreads.map(({ mostOnOne }) => mostOnOne), replicas);
    const majority = Math.floor(replicas / 2) + 1;
    if (replicas - most >= majority) return;
    yield {
      ...at,
      needed: `to be required over ${hostKey}, so that ${majority} of ${replicas} Pods outlive any node`,
      given:
        spreads.length === 0
          ? "nothing that keeps them apart"
          : `${spreads.some(({ hard }) => hard) ? "a spread" : "a wish"} that lets ${most} Pods share a node`,
      next:
        replicas > nodes
          ? `${nodes} nodes take them: state ${nodes === 1 ? "1" : `at most ${nodes}`} under workloads.<name>.replicas in the site file, or add nodes`
          : "make the anti-affinity one of requiredDuringSchedulingIgnoredDuringExecution (in a release, antiAffinity: required)",
      absent: spreads.length === 0,
    };
    return;
  }
  if (spreads.length > 0) return;
  const isStated =
    fields(spec.affinity).podAntiAffinity !== undefined ||
    items(spec.topologySpreadConstraints).length > 0;
  yield {
    ...at,
    needed: `this, or a topology spread, over its own ${replicas} Pods`,
    given: isStated ? "one that selects other Pods, or goes by a label of no node" : "nothing",
    absent: !isStated,
  };
}

/** Whether its Pods decide together, as far as can be seen from outside. */
function needsMajority({ stateful, replicas }: ReplicatedPods, requiredFrom: number): boolean {
  return stateful && replicas >= requiredFrom;
}
