import { z } from "zod";
import { type Path, valueAt } from "./path";

/**
 * The keys that a schema knows at a path; empty where it stands for anything but one fixed object. Where it allows
 * several, `given` tells which one is meant; without it, or when it is none of them, the keys of all are known.
 */
export function knownKeys(schema: z.core.$ZodType, path: Path, given?: unknown): readonly string[] {
  const found = objectAt(schema, path, given);
  return found === undefined
    ? []
    : [...new Set(found.flatMap((object) => Object.keys(object.shape)))];
}

function objectAt(
  schema: z.core.$ZodType,
  path: Path,
  given: unknown,
): readonly z.ZodObject[] | undefined {
  const inner = unwrap(schema);
  const [step, ...rest] = path;
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = inner.def;
    const chosen = valueAt(given, [discriminator]);
    const meant = inner.options.filter((option) => names(option, discriminator, chosen));
    const all = (meant.length > 0 ? meant : inner.options).flatMap(
      (option) => objectAt(option, path, given) ?? [],
    );
    return all.length === 0 ? undefined : all;
  }
  if (step === undefined) return inner instanceof z.ZodObject ? [inner] : undefined;
  const value = valueAt(given, [step]);
  if (inner instanceof z.ZodArray) return objectAt(inner.element, rest, value);
  if (inner instanceof z.ZodRecord) return objectAt(inner.valueType, rest, value);
  if (!(inner instanceof z.ZodObject) || !Object.hasOwn(inner.shape, step)) return undefined;
  return objectAt(inner.shape[step] as z.core.$ZodType, rest, value);
}

/** Whether a value of its discriminating key chooses an option. */
function names(option: z.core.$ZodType, key: string, chosen: unknown): boolean {
  return option instanceof z.ZodObject && option.shape[key]?.safeParse(chosen).success === true;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapper =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return wrapper ? unwrap(schema.unwrap()) : schema;
}
