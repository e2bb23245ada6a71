import { isKnown } from "./unknown";

/** A text somewhere in an object, with its path in the object's own words. */
export type PlacedText = readonly [path: string, text: string];

/** Every text in a value but those below some keys of it; what is not known yet is left out. */
export function textsIn(value: unknown, without: readonly string[] = []): readonly PlacedText[] {
  const found: PlacedText[] = [];
  gather(value, "", without, found);
  return found;
}

function gather(
  value: unknown,
  path: string,
  without: readonly string[],
  found: PlacedText[],
): void {
  if (typeof value === "string") found.push([path, value]);
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    if (without.includes(key) || !isKnown(value, key)) continue;
    const at = isList ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    gather((value as Readonly<Record<string, unknown>>)[key], at, [], found);
  }
}
