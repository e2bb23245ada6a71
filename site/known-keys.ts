import { z } from "zod";
import type { Path } from "./path";

/** The keys that a schema knows at a path; empty where it stands for anything but one fixed object. */
export function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const found = objectAt(schema, path);
  return found === undefined
    ? []
    : [...new Set(found.flatMap((object) => Object.keys(object.shape)))];
}

function objectAt(schema: z.core.$ZodType, path: Path): readonly z.ZodObject[] | undefined {
  const inner = unwrap(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const all = inner.options.flatMap((option) => objectAt(option, path) ?? []);
    return all.length === 0 ? undefined : all;
  }
  if (step === undefined) return inner instanceof z.ZodObject ? [inner] : undefined;
  if (inner instanceof z.ZodArray) return objectAt(inner.element, rest);
  if (inner instanceof z.ZodRecord) return objectAt(inner.valueType, rest);
  if (!(inner instanceof z.ZodObject) || !Object.hasOwn(inner.shape, step)) return undefined;
  return objectAt(inner.shape[step] as z.core.$ZodType, rest);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return wrapper ? unwrap(schema.unwrap()) : schema;
}
