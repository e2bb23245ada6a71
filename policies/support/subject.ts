import { fields, type KubernetesObject } from "./objects";
import { isKnown } from "./unknown";

/** One thing that rules judge: a resource of a stack, or an object of a file. */
export interface Subject {
  /** Pulumi's URN; of an object from a file, `file:line`. */
  readonly id: string;
  /** Type token of the resource, such as `kubernetes:apps/v1:Deployment`; "" for an object from a file. */
  readonly type: string;
  /** Pulumi's name of the resource; of an object from a file, the object's own. */
  readonly name: string;
  /** How people know it: `Deployment shop/web`, or type and name of what is no Kubernetes object. */
  readonly title: string;
  /** What the resource was given. Reading what only the update will know throws UnknownValue. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The properties as a Kubernetes object; absent for everything else, and for charts and lists. */
  readonly object?: KubernetesObject;
  /** True when it states only some fields of an object that is another's: what it leaves out, it does not lack. */
  readonly patch: boolean;
  /** Whether Pulumi refuses to delete or replace it. */
  readonly protect: boolean;
  /** Whether it stays where it is when it goes from the stack; absent where that is not told, as in a deployment. */
  readonly retain?: boolean;
  /** `id`s that it had before; empty where that is not known. */
  readonly aliases: readonly string[];
  /** `id` of the parent; absent where there is none. */
  readonly parent?: string;
  /** `id`s of what must be there first; empty where that is not known. */
  readonly dependsOn: readonly string[];
}

/** What is given of a subject, before it is known what kind of thing it is. */
export interface GivenSubject {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retain?: boolean;
  readonly aliases?: readonly string[];
  readonly parent?: string | undefined;
  readonly dependsOn?: readonly string[];
}

/** Makes a subject of a resource or object; says itself whether it is a Kubernetes object. */
export function subject({ id, type, name, ...given }: GivenSubject): Subject {
  const properties = stated(given.properties);
  const object = asObject(properties);
  const { protect = false, retain, aliases = [], parent, dependsOn = [] } = given;
  const patch = /^kubernetes:.*Patch$/.test(type);
  const title = object === undefined ? `${type} ${name}` : titleOf(object);
  return {
    id,
    type,
    name,
    title,
    properties,
    patch,
    protect,
    aliases,
    dependsOn,
    ...(object !== undefined && { object }),
    ...(retain !== undefined && { retain }),
    ...(parent !== undefined && { parent }),
  };
}

/** What the program stated: at the end of a run, Pulumi shows the cluster's answer, in which that is kept. */
function stated(properties: GivenSubject["properties"]): GivenSubject["properties"] {
  if (!isKnown(properties, "__inputs")) return properties;
  const { __inputs: inputs } = properties;
  return typeof inputs === "object" && inputs !== null
    ? (inputs as GivenSubject["properties"])
    : properties;
}

function asObject(properties: GivenSubject["properties"]): KubernetesObject | undefined {
  if (!isKnown(properties, "apiVersion") || !isKnown(properties, "kind")) return undefined;
  const { apiVersion, kind } = properties;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  if (kind === "List") return undefined;
  return properties as unknown as KubernetesObject;
}

/** `Kind namespace/name`, without what is not there or not known yet. */
export function titleOf(object: KubernetesObject): string {
  const metadata = isKnown(object, "metadata") ? fields(object.metadata) : {};
  const parts = ["namespace", "name"].filter((key) => isKnown(metadata, key));
  const words = parts.map((key) => metadata[key]).filter((word) => typeof word === "string");
  return `${object.kind} ${words.join("/")}`;
}
