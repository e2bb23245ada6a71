import { isPlainObject } from "../../site/release/layers";
import type { Release } from "../../site/schema/release";
import { isEmpty, type NamedChanges, namedChanges } from "./named-changes";

/** How two releases differ, whatever site runs them. */
export interface ReleaseDiff {
  readonly from: string;
  readonly to: string;
  /** By key of the release: `workloads`, `namespaces`, `secrets` …; keys without a difference are left out. */
  readonly sections: Readonly<Record<string, NamedChanges>>;
  /** Public images that only one of them names. */
  readonly images: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** Compares what two releases mean: a default that one of them writes out is no difference. */
export function releaseDiff(from: Release, to: Release): ReleaseDiff {
  const keys = [...new Set([...Object.keys(to), ...Object.keys(from)])];
  const sections = keys
    .filter((key) => !["release", "base"].includes(key))
    // Workloads are what most readers look for.
    .sort((one, other) => Number(other === "workloads") - Number(one === "workloads"))
    .map((key): [string, NamedChanges] => [key, namedChanges(named(from, key), named(to, key))])
    .filter(([, changes]) => !isEmpty(changes));
  return {
    from: from.release,
    to: to.release,
    sections: Object.fromEntries(sections),
    images: imageChanges(imagesIn(from), imagesIn(to)),
  };
}

export function imageChanges(
  before: readonly string[],
  after: readonly string[],
): ReleaseDiff["images"] {
  const only = (one: readonly string[], other: readonly string[]) =>
    [...new Set(one)].filter((image) => !other.includes(image)).sort();
  return { added: only(after, before), removed: only(before, after) };
}

/** Every image that is pinned anywhere in a value. */
export function imagesIn(value: unknown): readonly string[] {
  if (typeof value === "string") return isImage(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(imagesIn);
}

export function isImage(text: string): boolean {
  return /^[^\s@]+:[^\s@/]+@sha256:[0-9a-f]{64}$/.test(text);
}

/** What a key holds, by name; a single value under its own. */
function named(release: Release, key: string): Readonly<Record<string, unknown>> {
  const value: unknown = Reflect.get(release, key);
  if (isPlainObject(value)) return value;
  return value === undefined ? {} : { [key]: value };
}
