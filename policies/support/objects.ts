import { show } from "../../site/problems";

/** Kubernetes objects as rules read them: only what rules ask for is named, and all of it may be missing. */

export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: ObjectMeta;
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind, from anybody; rules ask before they believe
  readonly spec?: any;
  readonly [field: string]: unknown;
}

/** `group/kind` of an object without its version: rules hold for every version of a kind. */
export function groupKind({ apiVersion, kind }: KubernetesObject): string {
  const at = apiVersion.indexOf("/");
  return at < 0 ? kind : `${apiVersion.slice(0, at)}/${kind}`;
}

/** Namespace that an object is in; what leaves it out lands in `default`. */
export function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata?.namespace ?? "default";
}

/** The items of what should be a list, and of nothing else. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The fields of what should be an object, and of nothing else. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

/** What should be a text, and "" for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A copy of an object in which another value stands at a path; everything beside the path is shared. */
export function withValueAt(
  object: Readonly<Record<string, unknown>>,
  path: readonly string[],
  value: unknown,
): Readonly<Record<string, unknown>> {
  const [key, ...rest] = path;
  if (key === undefined) return fields(value);
  return {
    ...object,
    [key]: rest.length === 0 ? value : withValueAt(fields(object[key]), rest, value),
  };
}

/** A value in a message or as part of a key: a text as it is, anything else in a few words. */
export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : show(value);
}
