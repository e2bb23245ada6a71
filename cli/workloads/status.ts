import type { Blueprint } from "../../site/blueprint-types";
import { differencesOf, digestOf, runningDigests, runningVersions } from "./differences";
import type { EventObject } from "./objects";
import { type ControllerObject, isCanary, type PodObject } from "./objects";
import { isOver, isReady, latestWarning, podTrouble, type Trouble } from "./pod-trouble";
import { type Progress, progressOf, type Runs, runsOf } from "./progress";
import type { Running } from "./read";

/** A workload as the site's file wants it. */
export type Wanted = Pick<
  Blueprint["workloads"][number],
  | "namespace"
  | "name"
  | "kind"
  | "version"
  | "image"
  | "replicas"
  | "schedule"
  | "timeZone"
  | "routes"
>;

/**
 * `ready`: all of it runs as the site's file says. `differs`: it runs, but something else than the file says.
 * `not-ready`: the cluster is not done with it, or cannot be. `missing`: the cluster does not have it.
 */
export type State = "ready" | "differs" | "not-ready" | "missing";

/** One workload, or the canary of one, as it runs. */
export interface WorkloadStatus {
  readonly namespace: string;
  /** Name in the release. */
  readonly workload: string;
  /** Name in the cluster: the same, or its canary's. */
  readonly name: string;
  readonly kind: Wanted["kind"];
  readonly canary: boolean;
  readonly state: State;
  readonly version: { readonly wanted: string; readonly running: readonly string[] };
  /** Pods; of a Job those that ended well, of a CronJob none. */
  readonly pods: {
    readonly wanted: number;
    readonly ready: number;
    readonly names: readonly string[];
  };
  readonly restarts: number;
  /** Digests by which Pods' images were pulled; the running ones are what nodes report, empty while none does. */
  readonly digest: { readonly wanted: string; readonly running: readonly string[] };
  /** When what starts the Pods was made; absent where it is not there. */
  readonly since?: string;
  readonly urls: readonly string[];
  readonly schedule?: string;
  readonly runs?: Runs;
  readonly troubles: readonly Trouble[];
}

/** Every workload of a site with its canary below it, in the order of the site. `warnings` are by namespace. */
export function workloadStatuses(
  workloads: readonly Wanted[],
  running: Running,
  warnings: Readonly<Record<string, readonly EventObject[]>> = {},
): readonly WorkloadStatus[] {
  const pods = byKey(running.pods, ({ metadata }) =>
    key(metadata.namespace, metadata.labels["app.kubernetes.io/name"] ?? ""),
  );
  const objects = new Map(
    Object.entries(running.controllers).flatMap(([kind, list]) =>
      list.map(
        (one) => [`${kind} ${key(one.metadata.namespace, one.metadata.name)}`, one] as const,
      ),
    ),
  );
  return workloads.flatMap((wanted) => {
    const { namespace, name, kind } = wanted;
    const all = pods.get(key(namespace, name)) ?? [];
    const canary = objects.get(`${kind} ${key(namespace, canaryName(name))}`);
    const canaryPods = all.filter(isCanary);
    const about = {
      warnings: warnings[namespace] ?? [],
      jobs: running.controllers.Job ?? [],
    };
    const own = all.filter((pod) => !isCanary(pod));
    const object = objects.get(`${kind} ${key(namespace, name)}`);
    return [
      statusOf({ wanted, object, pods: own, canary: false, ...about }),
      ...(canary !== undefined && isCanary(canary)
        ? [
            statusOf({
              wanted: asTold(wanted, canary),
              object: canary,
              pods: canaryPods,
              canary: true,
              ...about,
            }),
          ]
        : []),
    ];
  });
}

/** Name of the Deployment that runs a workload's canary. */
export function canaryName(name: string): string {
  return `${name}-canary`;
}

/** A canary as its own Deployment was told to be: how many, and what of. */
function asTold(wanted: Wanted, { metadata, spec }: ControllerObject): Wanted {
  const image = spec.template?.spec.containers.find(({ name }) => name === wanted.name)?.image;
  return {
    ...wanted,
    replicas: spec.replicas ?? 1,
    version: metadata.labels["app.kubernetes.io/version"] ?? wanted.version,
    image: image ?? wanted.image,
    routes: [],
  };
}

interface Seen {
  readonly wanted: Wanted;
  readonly object: ControllerObject | undefined;
  readonly pods: readonly PodObject[];
  readonly canary: boolean;
  readonly warnings: readonly EventObject[];
  readonly jobs: readonly ControllerObject[];
}

function statusOf(seen: Seen): WorkloadStatus {
  const { wanted, object, canary } = seen;
  const { namespace, name, kind, schedule, timeZone, routes = [] } = wanted;
  const progress = object && progressOf(kind, object, seen.jobs);
  // Of Pods that are over only a Job's count: others' are left from a node that threw them out.
  const pods = seen.pods.filter((pod) => kind === "Job" || kind === "CronJob" || !isOver(pod));
  const counted = kind === "CronJob" ? [] : pods;
  const version = { wanted: wanted.version, running: runningVersions(counted) };
  const digest = { wanted: digestOf(wanted.image), running: runningDigests(name, counted) };
  const status = {
    namespace,
    workload: name,
    name: canary ? canaryName(name) : name,
    kind,
    canary,
    version,
    digest,
    pods: {
      wanted:
        kind === "DaemonSet" ? (progress?.told ?? 0) : kind === "CronJob" ? 0 : wanted.replicas,
      ready: progress?.ready ?? 0,
      names: pods.map(({ metadata }) => metadata.name).sort(),
    },
    restarts: counted.reduce((sum, { status }) => sum + restartsOf(status.containerStatuses), 0),
    ...(object?.metadata.creationTimestamp && { since: object.metadata.creationTimestamp }),
    urls: routes.flatMap(({ urls }) => urls),
    ...(schedule !== undefined && {
      schedule: timeZone === undefined ? schedule : `${schedule} ${timeZone}`,
    }),
    ...(kind === "CronJob" && object !== undefined && { runs: runsOf(object) }),
  };
  if (progress === undefined) {
    const why = `there is no ${kind} ${name} in ${namespace}`;
    return { ...status, state: "missing", troubles: [{ why, look: "deploy", pods: [] }] };
  }
  const troubles = troublesOf(seen, progress);
  if (troubles.length > 0) return { ...status, state: "not-ready", troubles };
  const differences = differencesOf(status, progress);
  return { ...status, state: differences.length > 0 ? "differs" : "ready", troubles: differences };
}

/** Why it is not ready: what its Pods say, and else what the controller itself does. */
function troublesOf({ wanted, pods, warnings }: Seen, { undone }: Progress): readonly Trouble[] {
  if (undone === undefined) return [];
  const found = grouped(
    pods
      .filter(
        (pod) =>
          wanted.kind === "Job" || wanted.kind === "CronJob" || !isOver(pod) || pods.every(isOver),
      )
      .map((pod) => podTrouble(pod, warnings))
      .filter((one) => one !== undefined),
  );
  const own = { ...undone, pods: [] };
  if (undone.look !== "wait") return [own, ...found];
  if (found.length > 0) return found;
  // A StatefulSet or Job that is not let start a Pod says so in events alone.
  const warning = pods.some(isReady) ? undefined : latestWarning(warnings, wanted.name);
  return warning === undefined ? [own] : [own, { why: warning, look: "room", pods: [] }];
}

/** The same trouble of many Pods, once. */
function grouped(troubles: readonly Trouble[]): readonly Trouble[] {
  const same = byKey(troubles, ({ why, look }) => `${look} ${why}`);
  return [...same.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first, pods: [first, ...more].flatMap(({ pods }) => pods) }],
  );
}

function restartsOf(containers: PodObject["status"]["containerStatuses"]): number {
  return containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function byKey<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = keyOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
