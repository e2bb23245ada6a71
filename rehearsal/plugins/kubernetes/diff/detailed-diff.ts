import { isMap, isSame, type KubeObject, type KubeValue, UNKNOWN } from "../objects/kube-object";
import { contains, formatPath, type PathStep, parsePath } from "./property-path";
import { forcesReplace, type ReplacePath } from "./replace-rules";

/** What happens to one property, in the engine's words. */
export type ChangeKind = "add" | "update" | "delete";

/** One property's change. `inputDiff` means that the paths are of the old inputs, not outputs. */
export interface PropertyChange {
  kind: ChangeKind;
  replaces: boolean;
  inputDiff: boolean;
}

/** Changes by property path. */
export type DetailedDiff = Map<string, PropertyChange>;

/** The objects that a patch is read against; see {@link detailedDiff}. */
export interface DiffSubjects {
  /** The JSON merge patch from the pruned live object to the new inputs. */
  patch: KubeObject;
  /** What the patch starts from. */
  old: KubeObject;
  newInputs: KubeObject;
  oldInputs: KubeObject;
  replacePaths: readonly ReplacePath[];
}

type Maybe = KubeValue | undefined;

/**
 * Turns a merge patch into changes by property. A merge patch replaces lists whole, so lists are
 * compared element by element; only what the inputs name, now or before, can be a change.
 */
export function detailedDiff(subjects: DiffSubjects): DetailedDiff {
  const changes: DetailedDiff = new Map();
  const record = (path: PathStep[], kind: ChangeKind, inputDiff: boolean, patched: KubeValue) => {
    const replaces = forcesReplace(path, patched, subjects.replacePaths);
    changes.set(formatPath(path), { kind, replaces, inputDiff });
  };

  function visit(
    path: PathStep[],
    v: KubeValue,
    old: Maybe,
    fresh: Maybe,
    was: Maybe,
    listed: boolean,
  ) {
    if (fresh === undefined && (v !== null || was === undefined)) return;
    if (v === null) {
      if (fresh === UNKNOWN) record(path, old === undefined ? "add" : "update", false, v);
      else record(path, "delete", true, v);
      return;
    }
    if (old === undefined) return record(path, "add", false, v);
    if (isMap(v) && isMap(old)) return visitMap(path, v, old, fresh, was, listed);
    if (Array.isArray(v) && Array.isArray(old)) return visitList(path, v, old, fresh, was);
    if (!isSame(v, old)) record(path, "update", false, v);
  }

  function visitMap(
    path: PathStep[],
    v: KubeObject,
    old: KubeObject,
    fresh: Maybe,
    was: Maybe,
    listed: boolean,
  ) {
    const newMap: KubeObject = isMap(fresh) ? fresh : {};
    const wasMap: KubeObject = isMap(was) ? was : {};
    for (const [key, value] of Object.entries(v)) {
      visit([...path, key], value, old[key], newMap[key], wasMap[key], listed);
    }
    if (!listed) return;
    for (const [key, value] of Object.entries(old)) {
      if (!Object.hasOwn(v, key))
        visit([...path, key], null, value, newMap[key], wasMap[key], true);
    }
  }

  function visitList(path: PathStep[], v: KubeValue[], old: KubeValue[], fresh: Maybe, was: Maybe) {
    const newList = Array.isArray(fresh) ? fresh : [];
    const wasList = Array.isArray(was) ? was : [];
    for (let i = 0; i < Math.max(v.length, old.length); i++) {
      const element = i < v.length ? (v[i] ?? null) : null;
      visit([...path, i], element, old[i], newList[i] ?? null, wasList[i] ?? null, true);
    }
  }

  for (const [key, value] of Object.entries(subjects.patch)) {
    visit([key], value, subjects.old[key], subjects.newInputs[key], subjects.oldInputs[key], false);
  }
  return changes;
}

/** Leaves out the changes that the resource's ignoreChanges option covers. */
export function withoutIgnored(changes: DetailedDiff, ignored: readonly string[]): DetailedDiff {
  const paths = ignored.map(parsePath);
  return new Map(
    [...changes].filter(([path]) => !paths.some((outer) => contains(outer, parsePath(path)))),
  );
}

/** The paths that force a new object; losing all metadata does, too. */
export function replacingPaths(changes: DetailedDiff): string[] {
  return [...changes]
    .filter(
      ([path, change]) => change.replaces || (change.kind === "delete" && path === "metadata"),
    )
    .map(([path]) => path);
}
