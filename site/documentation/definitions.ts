/** A schema in which what stands in several places is written once, under `definitions`. */

/** What is shorter than this is read more easily where it stands. */
const leastLetters = 200;

type Json = Readonly<Record<string, unknown>>;

/** The same schema for its reader, and much less to load for an editor. */
export function withDefinitions(schema: Json): Json {
  const places = new Map<string, number>();
  count(schema, places);
  const names = new Map<string, string>();
  const definitions: Record<string, unknown> = {};
  const shared = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => shared(item, key));
    if (!isObject(value)) return value;
    const text = JSON.stringify(value);
    if ((places.get(text) ?? 0) < 2) return within(value, key);
    const known = names.get(text) ?? freeName(key, definitions);
    if (!names.has(text)) {
      names.set(text, known);
      // The name is taken before anything within looks for one.
      definitions[known] = {};
      definitions[known] = within(value, key);
    }
    return { $ref: `#/definitions/${known}` };
  };
  const within = (value: Json, key: string): Json =>
    Object.fromEntries(
      Object.entries(value).map(([inner, item]) => [
        inner,
        // Keywords name no thing of their own; the keys of an object do.
        inner === "properties" && isObject(item)
          ? Object.fromEntries(Object.entries(item).map(([name, one]) => [name, shared(one, name)]))
          : shared(item, key),
      ]),
    );
  const whole = within(schema, "schema");
  return { ...whole, definitions };
}

function count(value: unknown, places: Map<string, number>, key = ""): void {
  if (Array.isArray(value)) for (const item of value) count(item, places);
  if (!isObject(value)) return;
  const text = JSON.stringify(value);
  const before = places.get(text) ?? 0;
  if (key !== "properties" && text.length >= leastLetters) places.set(text, before + 1);
  for (const [inner, item] of Object.entries(value)) count(item, places, inner);
}

function freeName(key: string, taken: object): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? key : `${key}-${number}`;
    if (!Object.hasOwn(taken, name)) return name;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
