import { ownValue } from "../../site/path";
import { isPlainObject } from "../../site/release/layers";

/** A value that differs between two trees of plain data; a side that has none is undefined. */
export interface FieldChange {
  /** As people write it: `env.LEVEL`, `containers[web].image`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Every value in which two trees differ, in the order of the first. Entries of lists are told apart by their `name`
 * where all have one, so that one more does not change all behind it; other lists are compared as a whole.
 */
export function fieldChanges(before: unknown, after: unknown, path = ""): readonly FieldChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isPlainObject(before) && isPlainObject(after)) {
    return keysOf(before, after).flatMap((key) =>
      fieldChanges(own(before, key), own(after, key), joined(path, key)),
    );
  }
  const [one, other] = [byName(before), byName(after)];
  if (one === undefined || other === undefined) return [{ path, before, after }];
  const kept = keysOf(one, other).flatMap((name) =>
    fieldChanges(own(one, name), own(other, name), `${path}[${name}]`),
  );
  const order = (list: object, beside: object) =>
    Object.keys(list).filter((name) => Object.hasOwn(beside, name));
  const [first, second] = [order(one, other), order(other, one)];
  const moved = first.join() !== second.join();
  return moved ? [...kept, { path, before: first, after: second }] : kept;
}

type Plain = Readonly<Record<string, unknown>>;

function keysOf(one: Plain, other: Plain): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function own(of: Plain, key: string): unknown {
  return ownValue(of, key);
}

/** A list of named objects by name; undefined when it is something else. */
function byName(value: unknown): Plain | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries = value.map((item): [unknown, unknown] => [Object(item).name, item]);
  const names = entries.map(([name]) => name);
  const named = names.every((name) => typeof name === "string" && !/^\d*$/.test(name));
  return named && new Set(names).size === names.length
    ? Object.fromEntries(entries as [string, unknown][])
    : undefined;
}

function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
