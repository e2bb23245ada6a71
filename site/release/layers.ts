import { type Path, valueAt } from "../path";
import type { DocumentPlace } from "../problems";
import type { YamlFile } from "../yaml-file";

/**
 * A release and those that it builds on, as one document: a later file states only what it changes. Objects are merged
 * key by key, lists and single values replace, and null removes. It knows nothing of what the keys mean.
 */

/** One file of a release, or of a release that it builds on. */
export interface Layer {
  readonly name: string;
  readonly file: YamlFile;
}

/** A key that a layer states and that nothing below it has. */
export interface AddedKey {
  readonly layer: Layer;
  readonly path: Path;
  /** Keys that are inherited beside it. */
  readonly known: readonly string[];
  /** Whether it is a null, which then has nothing to remove. */
  readonly removes: boolean;
}

type Plain = Readonly<Record<string, unknown>>;

/** Keys that each file states for itself. */
const ownKeys: ReadonlySet<string | number> = new Set(["release", "base"]);

/** Whether a value is merged key by key. */
export function isPlainObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the layers, newest first, are together. */
export function mergeLayers(layers: readonly Layer[]): {
  readonly data: unknown;
  readonly added: readonly AddedKey[];
} {
  const added: AddedKey[] = [];
  const oldest = layers.at(-1);
  let data: unknown = oldest?.file.data;
  for (const layer of layers.slice(0, -1).reverse()) {
    const { file } = layer;
    const told: Told = (key) => added.push({ layer, ...key });
    const { own, rest } = split(file.data);
    data = { ...own, ...Object(merged(split(data).rest, rest, [], told)) };
  }
  return { data, added };
}

function split(data: unknown): { readonly own: Plain; readonly rest: Plain } {
  const entries = Object.entries(isPlainObject(data) ? data : {});
  const isOwn = ([key]: [string, unknown]) => ownKeys.has(key);
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    rest: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  };
}

type Told = (key: Omit<AddedKey, "layer">) => void;

function merged(below: unknown, above: unknown, path: Path, told: Told): unknown {
  if (!isPlainObject(above)) return above;
  const under = isPlainObject(below) ? below : {};
  const known = Object.keys(under);
  const added = Object.keys(above).filter((key) => !Object.hasOwn(under, key));
  for (const key of added) told({ path: [...path, key], known, removes: above[key] === null });
  const entries = [...known, ...added]
    .filter((key) => !Object.hasOwn(above, key) || above[key] !== null)
    .map((key) => [
      key,
      Object.hasOwn(above, key)
        ? merged(valueAt(under, [key]), above[key], [...path, key], told)
        : under[key],
    ]);
  return Object.fromEntries(entries);
}

/** Where the values of merged layers, newest first, really stand. */
export function layeredPlace(layers: readonly Layer[]): DocumentPlace {
  const [newest] = layers;
  if (newest === undefined) return {};
  const { file, lineOf } = newest.file;
  return { file, lineOf, standsIn: (path) => layerOf(layers, path)?.file };
}

/**
 * The layer that states the value at a path, or the nearest thing above it; of several, the newest. A null, a list or
 * a single value hides all that older layers have there.
 */
export function layerOf(layers: readonly Layer[], path: Path): Layer | undefined {
  const [newest] = layers;
  if (path[0] === undefined || ownKeys.has(path[0])) return newest;
  let found = newest;
  let deepest = -1;
  for (const layer of layers) {
    const { depth, hides } = reached(layer.file.data, path);
    if (depth > deepest) {
      found = layer;
      deepest = depth;
    }
    if (hides) break;
  }
  return found;
}

function reached(data: unknown, path: Path): { readonly depth: number; readonly hides: boolean } {
  let value = data;
  let hides = false;
  for (const [depth, step] of path.entries()) {
    hides = hides || !isPlainObject(value);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return { depth, hides };
    value = Reflect.get(value, step);
  }
  return { depth: path.length, hides: hides || !isPlainObject(value) };
}
