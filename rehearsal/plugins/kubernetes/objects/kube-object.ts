/** Stands in a preview for a value that is only known after another resource was made. */
export const UNKNOWN: unique symbol = Symbol("unknown until applied");

/** What a Kubernetes object's fields can hold: JSON, or in a preview something not known yet. */
export type KubeValue =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | KubeValue[]
  | { [key: string]: KubeValue };

/** A Kubernetes object, or an object inside one. */
export type KubeObject = { [key: string]: KubeValue };

/** True for a JSON object (not an array, not null). */
export function isMap(value: unknown): value is KubeObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys, or undefined when any part of the path is missing. */
export function pluck(value: KubeValue | undefined, ...path: string[]): KubeValue | undefined {
  let current: KubeValue | undefined = value;
  for (const key of path) {
    if (!isMap(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** The string at a path, or "" when there is none. */
export function pluckString(value: KubeValue | undefined, ...path: string[]): string {
  const found = pluck(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The number at a path, or undefined when there is none. */
export function pluckNumber(value: KubeValue | undefined, ...path: string[]): number | undefined {
  const found = pluck(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The objects in the list at a path; anything else there counts as no objects. */
export function pluckMaps(value: KubeValue | undefined, ...path: string[]): KubeObject[] {
  const found = pluck(value, ...path);
  return Array.isArray(found) ? found.filter(isMap) : [];
}

export const nameOf = (object: KubeObject): string => pluckString(object, "metadata", "name");
export const namespaceOf = (object: KubeObject): string =>
  pluckString(object, "metadata", "namespace");
export const kindOf = (object: KubeObject): string => pluckString(object, "kind");
export const apiVersionOf = (object: KubeObject): string => pluckString(object, "apiVersion");
export const uidOf = (object: KubeObject): string => pluckString(object, "metadata", "uid");

/** The generation the API server counts on a change of the specification; 0 when not counted. */
export const generationOf = (object: KubeObject): number =>
  pluckNumber(object, "metadata", "generation") ?? 0;

/** An annotation's value, or "" when it is not set or not known yet. */
export function annotationOf(object: KubeObject, key: string): string {
  return pluckString(object, "metadata", "annotations", key);
}

/** "apiVersion/Kind", e.g. "apps/v1/Deployment" or "v1/Service". */
export function typeOf(object: KubeObject): string {
  return `${apiVersionOf(object)}/${kindOf(object)}`;
}

/** True when the object names `owner` among its owners. */
export function isOwnedBy(object: KubeObject, owner: KubeObject | undefined): boolean {
  if (owner === undefined) return false;
  const uid = uidOf(owner);
  return pluckMaps(object, "metadata", "ownerReferences").some((ref) => ref.uid === uid);
}

/** A copy that shares nothing with the original. */
export function copyOf<T extends KubeValue>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => copyOf(item)) as T;
  if (!isMap(value)) return value;
  const copy: KubeObject = {};
  for (const [key, item] of Object.entries(value)) copy[key] = copyOf(item);
  return copy as T;
}

/** Sets a value at a path of keys, making the objects on the way. */
export function setAt(object: KubeObject, path: string[], value: KubeValue): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    object[key] = value;
    return;
  }
  const next = object[key];
  const inner: KubeObject = isMap(next) ? next : {};
  object[key] = inner;
  setAt(inner, rest, value);
}

/** Removes the value at a path of keys, when it is there. */
export function removeAt(object: KubeObject, path: string[]): void {
  const parent = pluck(object, ...path.slice(0, -1));
  const key = path.at(-1);
  if (key !== undefined && isMap(parent)) delete parent[key];
}

/** True when any value inside is not known yet. */
export function hasUnknown(value: KubeValue | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}

/** True when both are the same JSON, whatever the order of keys. */
export function isSame(a: KubeValue | undefined, b: KubeValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}

/** "namespace/name", or only the name for an object of the whole cluster: the resource's ID. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The parts of an ID made by {@link idOf}. */
export function parseId(id: string): { namespace: string; name: string } {
  const slash = id.indexOf("/");
  if (slash < 0) return { namespace: "", name: id };
  return { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}
