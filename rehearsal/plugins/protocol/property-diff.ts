import { equalValues, isList, isMap, type PropertyMap, type PropertyValue } from "./values";

/** What happened to one property, and whether that calls for a new resource. */
export type DiffKind =
  | "add"
  | "add-replace"
  | "delete"
  | "delete-replace"
  | "update"
  | "update-replace";

/** One changed property. */
export interface PropertyDiff {
  readonly kind: DiffKind;
  /** True when old and new inputs were compared, false when the old state was. Default false. */
  readonly inputDiff?: boolean;
}

/** Changed properties by path, e.g. `spec.ports[0].name` or `labels["app.kubernetes.io/name"]`. */
export type DetailedDiff = Readonly<Record<string, PropertyDiff>>;

/** A property path step by step: names of maps, positions in lists. */
export type PropertyPath = readonly (string | number)[];

/**
 * Every path at which the two differ, by the engine's rules: maps and lists are compared item by
 * item, everything else (secrets included) as a whole, and a null is the same as nothing.
 */
export function detailedDiff(olds: PropertyMap, news: PropertyMap): DetailedDiff {
  const changes: Record<string, PropertyDiff> = {};
  diffMaps([], olds, news, changes);
  return changes;
}

/** The same changes, with those that `isReplace` picks (by path) turned into replacements. */
export function withReplacements(
  diff: DetailedDiff,
  isReplace: (path: string) => boolean,
): DetailedDiff {
  return Object.fromEntries(
    Object.entries(diff).map(([path, change]) => [
      path,
      isReplace(path) ? { ...change, kind: asReplace(change.kind) } : change,
    ]),
  );
}

/** A path as the engine spells it. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((step, i) => {
      if (typeof step === "number") return `[${step}]`;
      if (/[^A-Za-z0-9_]/.test(step)) return `["${step.replaceAll('"', '\\"')}"]`;
      return i === 0 ? step : `.${step}`;
    })
    .join("");
}

/** The name of the top-level property that a formatted path lies in. */
export function pathRoot(path: string): string {
  const quoted = /^\["((?:[^"\\]|\\.)*)"\]/.exec(path);
  if (quoted?.[1] !== undefined) return quoted[1].replaceAll('\\"', '"');
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

/** True when the change asks for a new resource. */
export function isReplaceKind(kind: DiffKind): boolean {
  return kind.endsWith("-replace");
}

function asReplace(kind: DiffKind): DiffKind {
  switch (kind) {
    case "add":
      return "add-replace";
    case "delete":
      return "delete-replace";
    case "update":
      return "update-replace";
    default:
      return kind;
  }
}

type Changes = Record<string, PropertyDiff>;

function diffMaps(path: PropertyPath, olds: PropertyMap, news: PropertyMap, into: Changes): void {
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    diffValues([...path, name], olds[name] ?? null, news[name] ?? null, into);
  }
}

function diffLists(
  path: PropertyPath,
  olds: readonly PropertyValue[],
  news: readonly PropertyValue[],
  into: Changes,
): void {
  for (let i = 0; i < Math.max(olds.length, news.length); i += 1) {
    const at = [...path, i];
    if (i >= olds.length) into[formatPath(at)] = { kind: "add" };
    else if (i >= news.length) into[formatPath(at)] = { kind: "delete" };
    else diffValues(at, olds[i] ?? null, news[i] ?? null, into);
  }
}

function diffValues(
  path: PropertyPath,
  old: PropertyValue,
  next: PropertyValue,
  into: Changes,
): void {
  if (isMap(old) && isMap(next)) diffMaps(path, old, next, into);
  else if (isList(old) && isList(next)) diffLists(path, old, next, into);
  else if (equalValues(old, next)) return;
  else if (old === null) into[formatPath(path)] = { kind: "add" };
  else if (next === null) into[formatPath(path)] = { kind: "delete" };
  else into[formatPath(path)] = { kind: "update" };
}
