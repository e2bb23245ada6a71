import type { CheckFailure } from "../protocol/provider";
import {
  Archive,
  Asset,
  isList,
  isMap,
  type PropertyMap,
  type PropertyValue,
  Secret,
  Unknown,
} from "../protocol/values";

/** What a property may hold. */
export type FieldType =
  | "string"
  | "boolean"
  | "number"
  | "strings"
  | "any-list"
  | "string-map"
  | "asset-or-archive"
  | Fields;

/** One property: its type and what the provider does to it when inputs are checked. */
export interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
  /** Kept secret whatever the program says. */
  readonly secret?: boolean;
  readonly default?: PropertyValue;
}

/** Properties of a resource or of an object inside one, with the name the real provider gives it. */
export interface Fields {
  readonly of: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** Inputs with defaults filled in and secrets marked, and what is wrong with them. */
export interface CheckedFields {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/** Judges and completes the inputs of a resource. */
export function checkFields(table: Fields, given: PropertyMap): CheckedFields {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const inputs = completed(table, given, fail);
  return { inputs, failures };
}

type Fail = (property: string, reason: string) => void;

function completed(table: Fields, given: PropertyMap, fail: Fail): PropertyMap {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table.fields, name)) {
      fail(name, `Unrecognized field '${name}' on '${table.of}'`);
    }
  }
  const inputs: Record<string, PropertyValue> = {};
  for (const [name, field] of Object.entries(table.fields)) {
    const value = given[name] ?? field.default;
    if (value === undefined) {
      if (field.required === true) fail(name, `Missing required field '${name}' on '${table.of}'`);
      continue;
    }
    const inner = wrapped(value, (open) => completedValue(table.of, name, field.type, open, fail));
    inputs[name] = field.secret === true && !(inner instanceof Secret) ? new Secret(inner) : inner;
  }
  return inputs;
}

function wrapped(
  value: PropertyValue,
  change: (open: PropertyValue) => PropertyValue,
): PropertyValue {
  return value instanceof Secret ? new Secret(wrapped(value.value, change)) : change(value);
}

function completedValue(
  owner: string,
  name: string,
  type: FieldType,
  value: PropertyValue,
  fail: Fail,
): PropertyValue {
  if (value instanceof Unknown) return value;
  if (typeof type === "object") {
    if (isMap(value)) return completed(type, value, fail);
  } else if (fits(type, value)) return value;
  const wanted = typeof type === "object" ? type.of : type;
  fail(name, `Field '${name}' on '${owner}' must be a '${wanted}'; got '${kindOf(value)}' instead`);
  return value;
}

function fits(type: Exclude<FieldType, Fields>, value: PropertyValue): boolean {
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      return typeof value === type;
    case "any-list":
      return isList(value);
    case "strings":
      return isList(value) && value.every(isText);
    case "string-map":
      return (
        isMap(value) && Object.values(value).every((item) => item === undefined || isText(item))
      );
    case "asset-or-archive":
      return value instanceof Asset || value instanceof Archive;
  }
}

function isText(value: PropertyValue): boolean {
  const open = value instanceof Secret ? value.value : value;
  return typeof open === "string" || open instanceof Unknown;
}

function kindOf(value: PropertyValue): string {
  if (isList(value)) return "list";
  if (value instanceof Asset || value instanceof Archive) return "asset";
  return isMap(value) ? "map" : typeof value;
}
