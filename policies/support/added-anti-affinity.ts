import { selects } from "./label-selector";
import { fields, items, type KubernetesObject } from "./objects";
import { hostKey } from "./pod-spreads";
import type { ReplicatedPods } from "./replicated-pods";
import { checked } from "./unknown";

type Properties = Readonly<Record<string, unknown>>;

/**
 * Properties of a controller whose Pods are kept off each other's hosts as well. Undefined where the Pods cannot be told
 * by a selector of its own, or what keeps them apart already is not known yet.
 */
export function addedAntiAffinity(
  properties: Properties,
  object: KubernetesObject,
  pods: ReplicatedPods,
  how: "preferred" | "required",
): Properties | undefined {
  const labelSelector = ownSelector(object, pods);
  const { affinity, topologySpreadConstraints } = pods.spec;
  const stated = [affinity, topologySpreadConstraints];
  if (labelSelector === undefined || checked(stated) !== stated) return undefined;
  const term = { topologyKey: hostKey, labelSelector };
  const [key, more] =
    how === "required"
      ? ["requiredDuringSchedulingIgnoredDuringExecution", term]
      : ["preferredDuringSchedulingIgnoredDuringExecution", { weight: 100, podAffinityTerm: term }];
  return withItem(properties, [...pods.path.split("."), "affinity", "podAntiAffinity", key], more);
}

/** Labels that the object itself knows its Pods by; an operator's object does not say. */
function ownSelector(
  { spec }: KubernetesObject,
  { labels }: ReplicatedPods,
): Properties | undefined {
  const { matchLabels } = fields(fields(spec).selector);
  const selector = { matchLabels };
  return matchLabels !== undefined && selects(selector, labels) ? selector : undefined;
}

/** Copies only what lies on the way to the list that gets one more item. */
function withItem(value: unknown, [key, ...rest]: readonly string[], item: unknown): Properties {
  const own = fields(value);
  if (key === undefined) return own;
  const changed = rest.length === 0 ? [...items(own[key]), item] : withItem(own[key], rest, item);
  return { ...own, [key]: changed };
}
