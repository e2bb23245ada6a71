/** A resource property as the engine means it: JSON plus the things JSON cannot say. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | PropertyMap
  | Secret
  | Unknown
  | Asset
  | Archive
  | ResourceReference;

/** The properties of a resource by name. A name mapped to `undefined` is the same as no name. */
export interface PropertyMap {
  readonly [name: string]: PropertyValue | undefined;
}

/** A value that may be shown to nobody; the engine encrypts it in state. */
export class Secret {
  readonly value: PropertyValue;
  constructor(value: PropertyValue) {
    this.value = value;
  }
}

/** The sentinels by which the engine says "not known before the update runs". */
export const unknownSentinels = {
  boolean: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
} as const;

/** What an unknown value will turn out to be. */
export type UnknownKind = keyof typeof unknownSentinels;

/** A value that a preview cannot know yet. */
export class Unknown {
  readonly kind: UnknownKind;
  constructor(kind: UnknownKind = "string") {
    this.kind = kind;
  }
}

/** A file, text or address handed over as one thing; `hash` is the SHA-256 of its content. */
export class Asset {
  readonly hash: string | undefined;
  readonly text: string | undefined;
  readonly path: string | undefined;
  readonly uri: string | undefined;
  constructor(from: { hash?: string; text?: string; path?: string; uri?: string }) {
    this.hash = from.hash;
    this.text = from.text;
    this.path = from.path;
    this.uri = from.uri;
  }
}

/** A folder, archive file or set of assets handed over as one thing. */
export class Archive {
  readonly hash: string | undefined;
  readonly assets: { readonly [name: string]: Asset | Archive } | undefined;
  readonly path: string | undefined;
  readonly uri: string | undefined;
  constructor(from: {
    hash?: string;
    assets?: { readonly [name: string]: Asset | Archive };
    path?: string;
    uri?: string;
  }) {
    this.hash = from.hash;
    this.assets = from.assets;
    this.path = from.path;
    this.uri = from.uri;
  }
}

/** A pointer to another resource of the same stack. */
export class ResourceReference {
  readonly urn: string;
  readonly id: PropertyValue | undefined;
  readonly packageVersion: string | undefined;
  constructor(urn: string, id?: PropertyValue, packageVersion?: string) {
    this.urn = urn;
    this.id = id;
    this.packageVersion = packageVersion;
  }
}

/** True for a plain object, false for arrays and for the classes above. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown) &&
    !(value instanceof Asset) &&
    !(value instanceof Archive) &&
    !(value instanceof ResourceReference)
  );
}

/** True for an array of values. */
export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** The value with every secret envelope taken off, however deep. Never print the result. */
export function reveal(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return reveal(value.value);
  if (isList(value)) return value.map(reveal);
  if (isMap(value)) return mapValues(value, reveal);
  return value;
}

/** The properties with every secret envelope taken off, however deep. Never print the result. */
export function revealMap(map: PropertyMap): PropertyMap {
  return mapValues(map, reveal);
}

/** True when the value, or anything inside it, satisfies `test`. */
export function someValue(
  value: PropertyValue | undefined,
  test: (value: PropertyValue) => boolean,
): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (value instanceof Secret) return someValue(value.value, test);
  if (isList(value)) return value.some((item) => someValue(item, test));
  if (isMap(value)) return Object.values(value).some((item) => someValue(item, test));
  return false;
}

/** True when a preview cannot know the value or something inside it. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
  return someValue(value, (item) => item instanceof Unknown);
}

/** True when the value or something inside it is secret. */
export function containsSecret(value: PropertyValue | undefined): boolean {
  return someValue(value, (item) => item instanceof Secret);
}

/** A new map with `change` applied to every value; names mapped to `undefined` are left out. */
export function mapValues(
  map: PropertyMap,
  change: (value: PropertyValue, name: string) => PropertyValue,
): PropertyMap {
  const changed: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined) changed[name] = change(value, name);
  }
  return changed;
}

/**
 * Equality as the engine defines it: assets by hash, resource references by URN and id, a secret
 * equal only to a secret, and in maps a null the same as nothing.
 */
export function equalValues(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, i) => equalValues(item, b[i]));
  }
  if (isMap(a)) {
    if (!isMap(b)) return false;
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => equalValues(a[name] ?? null, b[name] ?? null));
  }
  if (a instanceof Secret) return b instanceof Secret && equalValues(a.value, b.value);
  if (a instanceof Unknown) return b instanceof Unknown;
  if (a instanceof Asset) return b instanceof Asset && equalContent(a, b);
  if (a instanceof Archive) return b instanceof Archive && equalContent(a, b);
  if (a instanceof ResourceReference) {
    return b instanceof ResourceReference && a.urn === b.urn && equalValues(a.id, b.id);
  }
  return (a ?? null) === (b ?? null);
}

function equalContent(a: Asset | Archive, b: Asset | Archive): boolean {
  if (a.hash !== undefined && b.hash !== undefined) return a.hash === b.hash;
  return JSON.stringify(a) === JSON.stringify(b);
}
