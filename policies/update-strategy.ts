import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { show } from "../site/problems";
import { nodesFor } from "./support/node-places";
import { fields, groupKind, type KubernetesObject } from "./support/objects";
import { podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type Finding, subjectRule } from "./support/rule";
import { rollingBounds, shareOfPods } from "./support/share-of-pods";

const settings = z.strictObject({
  mostAwayPercent: z
    .int({ error: "a whole number" })
    .min(1, { error: "1 or more" })
    .max(99, { error: "99 or less" })
    .default(50)
    .describe("Share of the Pods that an update may be short of; one Pod may always be away."),
  mostRevisions: z
    .int({ error: "a number of revisions" })
    .min(1, { error: "1 or more revisions" })
    .default(10)
    .describe("Old revisions that a workload may keep."),
});

type Settings = z.output<typeof settings>;

export const updateStrategy = subjectRule({
  name: "update-strategy",
  description:
    "Updates replace Pods by and by and to the end, most of them stay up meanwhile, and a few old revisions are kept.",
  why: "What recreates all Pods at once is away for the time of an update; what waits for somebody to delete Pods runs the old version for weeks; without an old revision there is no quick way back.",
  severity: "medium",
  remedy: "leave the strategy at RollingUpdate with maxUnavailable 1 or 25%",
  settings,
  *judge({ object }, { blueprint, settings }) {
    if (object === undefined) return;
    const kind = groupKind(object);
    const faultsOf = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (faultsOf === undefined) return;
    // Where the release states something else, it does so with its reason.
    const stated = productWorkload(object, blueprint)?.settings;
    yield* revisions(object, settings, stated?.revisionHistoryLimit);
    const { type = "RollingUpdate" } = strategyOf(object);
    if (stated !== undefined && type === statedTypes[stated.updateStrategy]) return;
    yield* faultsOf(object, { blueprint, settings });
  },
});

const statedTypes = { rolling: undefined, recreate: "Recreate", onDelete: "OnDelete" };

/** A Deployment has another word for it than the others. */
function strategyOf({ kind, spec }: KubernetesObject): Readonly<Record<string, unknown>> {
  const { strategy, updateStrategy } = fields(spec);
  return fields(kind === "Deployment" ? strategy : updateStrategy);
}

interface Given {
  readonly blueprint: Blueprint;
  readonly settings: Settings;
}

type JudgeKind = (object: KubernetesObject, given: Given) => Iterable<Finding>;

const kinds: Readonly<Record<string, JudgeKind>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
};

function* revisions(
  { spec }: KubernetesObject,
  { mostRevisions }: Settings,
  stated: number | undefined,
): Iterable<Finding> {
  const { revisionHistoryLimit: limit } = fields(spec);
  // Kubernetes keeps ten where nothing is said.
  if (limit === undefined || limit === stated) return;
  if (typeof limit === "number" && limit >= 1 && limit <= mostRevisions) return;
  const path = "spec.revisionHistoryLimit";
  yield { path, needed: `1 to ${mostRevisions}`, given: show(limit), next: "state 5" };
}

function* deployment(object: KubernetesObject, { settings }: Given): Iterable<Finding> {
  const replicas = podTemplate(object)?.replicas ?? 1;
  const { type = "RollingUpdate", rollingUpdate } = strategyOf(object);
  const at = "spec.strategy";
  if (type !== "RollingUpdate") {
    // A single Pod is away either way where it has to end before the next one gets its volume.
    if (type !== "Recreate" || replicas > 1) yield otherType(at, type);
    return;
  }
  const { maxUnavailable, maxSurge } = fields(rollingUpdate);
  const path = `${at}.rollingUpdate.maxUnavailable`;
  const bounds = rollingBounds(fields(rollingUpdate), replicas);
  if (bounds === undefined) {
    yield {
      path: `${at}.rollingUpdate`,
      needed: "numbers of Pods or shares such as 25%",
      given: `${show(maxUnavailable)} and ${show(maxSurge)}`,
    };
  } else if (isNone(maxUnavailable) && isNone(maxSurge)) {
    yield {
      path,
      needed: "1 or more where maxSurge is 0, or no Pod is ever replaced",
      given: show(maxUnavailable),
    };
  } else if (fields(object.spec).replicas !== undefined) {
    // An autoscaler's Pods, or those that a patch leaves alone, are not known.
    yield* tooManyAway(path, maxUnavailable, bounds.short, replicas, settings);
  }
}

function* statefulSet(object: KubernetesObject, { settings }: Given): Iterable<Finding> {
  const at = "spec.updateStrategy";
  const { type = "RollingUpdate", rollingUpdate } = strategyOf(object);
  if (type !== "RollingUpdate") {
    yield otherType(at, type);
    return;
  }
  const { partition = 0, maxUnavailable = 1 } = fields(rollingUpdate);
  if (partition !== 0) {
    const needed = "0, or the Pods below it keep the old version";
    yield {
      path: `${at}.rollingUpdate.partition`,
      needed,
      given: show(partition),
      next: "leave it out",
    };
  }
  const replicas = podTemplate(object)?.replicas ?? 1;
  if (fields(object.spec).replicas === undefined) return;
  const away = shareOfPods(maxUnavailable, replicas);
  yield* tooManyAway(
    `${at}.rollingUpdate.maxUnavailable`,
    maxUnavailable,
    away,
    replicas,
    settings,
  );
}

function* daemonSet(object: KubernetesObject, { blueprint, settings }: Given): Iterable<Finding> {
  const at = "spec.updateStrategy";
  const { type = "RollingUpdate", rollingUpdate } = strategyOf(object);
  if (type !== "RollingUpdate") {
    yield otherType(at, type);
    return;
  }
  const { maxUnavailable = 1 } = fields(rollingUpdate);
  const nodes = nodesFor(blueprint, podTemplate(object)?.spec).length;
  const away = shareOfPods(maxUnavailable, nodes);
  yield* tooManyAway(`${at}.rollingUpdate.maxUnavailable`, maxUnavailable, away, nodes, settings);
}

function otherType(path: string, type: unknown): Finding {
  return { path: `${path}.type`, needed: "RollingUpdate", given: show(type), next: "leave it out" };
}

function* tooManyAway(
  path: string,
  given: unknown,
  away: number | undefined,
  total: number,
  { mostAwayPercent }: Settings,
): Iterable<Finding> {
  if (away === undefined) {
    yield { path, needed: "a number of Pods or a share such as 25%", given: show(given) };
    return;
  }
  const most = Math.max(1, Math.floor((total * mostAwayPercent) / 100));
  if (away > most) yield { path, needed: `at most ${most} of ${total} Pods`, given: show(given) };
}

function isNone(value: unknown): boolean {
  return value === 0 || value === "0%";
}
