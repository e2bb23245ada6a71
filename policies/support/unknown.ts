/** Values that only the update will know: in a preview a text of Pulumi's own stands in their place. */

/** What stands for a text that is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The same for a truth value, number, list, asset, archive and object; all part of Pulumi's protocol. */
const stand = new Set<unknown>([
  unknownText,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A rule asked for a value that nobody knows yet. Whoever judges notes it, and judges again in the update. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    super(`${path.join(".")} is known only in the update`);
    this.path = path;
  }
}

const whole = Symbol("the value itself");

/**
 * The same value, which throws {@link UnknownValue} where a rule reads something that is not known yet; so no rule takes
 * the text in its place for an image or a name. A value without unknown parts is given back as it is.
 */
export function checked<Value>(value: Value): Value {
  return hasUnknown(value) ? (guarded(value, []) as Value) : value;
}

/** Whether a field of what {@link checked} gave is known, for rules that can go on without it. */
export function isKnown(holder: object, key: string | number): boolean {
  const itself = Reflect.get(holder, whole) ?? holder;
  return !stand.has(Reflect.get(itself, key));
}

function hasUnknown(value: unknown): boolean {
  if (typeof value === "string") return stand.has(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

function guarded(value: unknown, path: readonly string[]): unknown {
  if (stand.has(value)) throw new UnknownValue(path);
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, key) => {
      if (key === whole) return target;
      const field = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return field;
      return guarded(field, [...path, key]);
    },
  });
}
