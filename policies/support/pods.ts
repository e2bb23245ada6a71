import { fields, groupKind, items, type KubernetesObject } from "./objects";
import { isKnown } from "./unknown";

/** The Pods that an object makes, or is. */
export interface PodTemplate {
  /** Path of the template in the object: `spec.template`, `""` for a Pod. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: a Pod from anybody; rules ask before they believe
  readonly spec: any;
  /** Pods that are wanted at once; one per node is Infinity. */
  readonly replicas: number;
  /** Whether its containers are meant to run for ever. */
  readonly endless: boolean;
}

interface Kind {
  readonly path: string;
  readonly endless: boolean;
  readonly replicas: (spec: Readonly<Record<string, unknown>>) => number;
}

const count = (given: unknown) => (typeof given === "number" ? given : 1);
const wanted = ({ replicas }: Readonly<Record<string, unknown>>) => count(replicas);
const one = () => 1;
const everywhere = () => Number.POSITIVE_INFINITY;

const kinds: Readonly<Record<string, Kind>> = {
  "apps/Deployment": { path: "spec.template", endless: true, replicas: wanted },
  "apps/StatefulSet": { path: "spec.template", endless: true, replicas: wanted },
  "apps/ReplicaSet": { path: "spec.template", endless: true, replicas: wanted },
  "apps/DaemonSet": { path: "spec.template", endless: true, replicas: everywhere },
  "batch/Job": {
    path: "spec.template",
    endless: false,
    replicas: ({ parallelism }) => count(parallelism),
  },
  "batch/CronJob": { path: "spec.jobTemplate.spec.template", endless: false, replicas: one },
  Pod: { path: "", endless: true, replicas: one },
  // Makes no Pods by itself; whoever names it may.
  PodTemplate: { path: "template", endless: false, replicas: one },
};

/** What older and further kinds of controllers have in common with a Deployment: `ReplicationController`, `Rollout`. */
const likeDeployment: Kind = { path: "spec.template", endless: true, replicas: wanted };

function kindOf(object: KubernetesObject): Kind | undefined {
  const kind = groupKind(object);
  if (Object.hasOwn(kinds, kind)) return kinds[kind];
  const containers = ["spec", "template", "spec", "containers"].reduce<unknown>(
    (value, key) => (isKnown(fields(value), key) ? fields(value)[key] : undefined),
    object,
  );
  return items(containers).length > 0 ? likeDeployment : undefined;
}

/** Pods of an object; undefined for objects that make none. */
export function podTemplate(object: KubernetesObject | undefined): PodTemplate | undefined {
  if (object === undefined) return undefined;
  const kind = kindOf(object);
  if (kind === undefined) return undefined;
  const { path, endless, replicas } = kind;
  const keys = path === "" ? [] : path.split(".");
  const template = keys.reduce<unknown>((value, key) => fields(value)[key], object);
  const { metadata, spec } = fields(template);
  return {
    path,
    metadata: fields(metadata),
    spec: fields(spec),
    replicas: replicas(fields(object.spec)),
    endless,
  };
}

/** A container and where it stands in its object. */
export interface PlacedContainer {
  /** `spec.template.spec.initContainers[0]` */
  readonly path: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a container from anybody; rules ask before they believe
  readonly container: any;
  /** `init` ends before the others start; a `sidecar` is an init container that runs on. */
  readonly role: "main" | "init" | "sidecar";
}

/** Every container of a Pod, in the order in which they start. */
export function* containersOf({ path, spec }: PodTemplate): Iterable<PlacedContainer> {
  const start = path === "" ? "spec" : `${path}.spec`;
  for (const [at, container] of items(spec.initContainers).entries()) {
    const role = fields(container).restartPolicy === "Always" ? "sidecar" : "init";
    yield placed(`${start}.initContainers[${at}]`, container, role);
  }
  for (const [at, container] of items(spec.containers).entries()) {
    yield placed(`${start}.containers[${at}]`, container, "main");
  }
  // Put into a Pod that runs, to look at it: it serves nobody, and its resources are the Pod's.
  for (const [at, container] of items(spec.ephemeralContainers).entries()) {
    yield placed(`${start}.ephemeralContainers[${at}]`, container, "init");
  }
}

function placed(path: string, given: unknown, role: PlacedContainer["role"]): PlacedContainer {
  const container = fields(given);
  const name = typeof container.name === "string" ? container.name : "";
  return { path, name, container, role };
}
