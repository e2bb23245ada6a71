import { type FieldChange, fieldChanges } from "./field-changes";

/** How two sets of named things differ. */
export interface NamedChanges {
  readonly added: Readonly<Record<string, unknown>>;
  readonly removed: Readonly<Record<string, unknown>>;
  /** What changed of those that both have. */
  readonly changed: Readonly<Record<string, readonly FieldChange[]>>;
}

type Named = Readonly<Record<string, unknown>>;

/** Compares by name, in the order of the names. */
export function namedChanges(before: Named, after: Named): NamedChanges {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const only = (one: Named, other: Named) =>
    Object.fromEntries(
      names
        .filter((name) => Object.hasOwn(one, name) && !Object.hasOwn(other, name))
        .map((name) => [name, one[name]]),
    );
  const changed = names
    .filter((name) => Object.hasOwn(before, name) && Object.hasOwn(after, name))
    .map((name) => [name, fieldChanges(before[name], after[name])] as const)
    .filter(([, changes]) => changes.length > 0);
  return {
    added: only(after, before),
    removed: only(before, after),
    changed: Object.fromEntries(changed),
  };
}

export function isEmpty({ added, removed, changed }: NamedChanges): boolean {
  return [added, removed, changed].every((one) => Object.keys(one).length === 0);
}
