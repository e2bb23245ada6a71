import { nearest } from "../nearest";
import { valueAt } from "../path";
import { treeProblem } from "../plain-data";
import { type Problem, problem, show } from "../problems";
import { readYamlFile } from "../yaml-file";
import { isPlainObject, type Layer } from "./layers";
import { compareReleases, releaseFile, releaseNames } from "./names";

/** The files that a release is made of, newest first, and what keeps them from being one. */
export interface Chain {
  readonly layers: readonly Layer[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a release that is there and, one by one, those that it builds on. Each must be older than the last, so
 * that no circle can come about.
 */
export function readChain(root: string, name: string): Chain {
  const names = releaseNames(root);
  const layers: Layer[] = [];
  for (let next: string | undefined = name; next !== undefined; ) {
    const file = readYamlFile(root, releaseFile(next), "name another release");
    const layer: Layer = { name: next, file };
    layers.push(layer);
    const tree = treeProblem("release", file.data);
    const problems = tree === undefined ? faults(layers, names) : [tree];
    if (problems.length > 0) {
      return { layers, problems: problems.map((one) => ({ ...one, place: file })) };
    }
    const base = valueAt(file.data, ["base"]);
    next = typeof base === "string" ? base : undefined;
  }
  return { layers, problems: [] };
}

/** What is wrong with the last layer's own words about itself, and about the one that it builds on. */
function faults(layers: readonly Layer[], names: readonly string[]): readonly Problem[] {
  const { name, file } = layers.at(-1) as Layer;
  const found: Problem[] = [];
  const release = valueAt(file.data, ["release"]);
  if (layers.length > 1) {
    if (!isPlainObject(file.data)) {
      return [problem("release", [], "a release, since others build on it", show(file.data))];
    }
    // The newest layer's is looked at with the rest of the document.
    if (release !== name) found.push(wrongName(name, release));
    found.push(...otherProduct(layers));
  }
  const base = valueAt(file.data, ["base"]);
  if (base === undefined) return found;
  return [...found, ...baseFaults(layers, base, names)];
}

/** A release whose own word for itself is not its file's name. */
export function wrongName(name: string, given: unknown): Problem {
  return problem("release", ["release"], `the name of its file, "${name}"`, show(given));
}

function baseFaults(
  layers: readonly Layer[],
  base: unknown,
  names: readonly string[],
): readonly Problem[] {
  const { name } = layers.at(-1) as Layer;
  const older = names.filter((other) => compareReleases(other, name) < 0);
  const needed =
    older.length === 0
      ? "no base: no release is older than this one"
      : `an earlier release of releases/: ${older.join(", ")}`;
  const wrong = (given: string, next?: string) => [
    problem("release", ["base"], needed, given, next),
  ];
  if (typeof base !== "string") return wrong(show(base));
  if (older.includes(base)) return [];
  const circle = layers.findIndex((layer) => layer.name === base);
  if (circle >= 0) {
    const round = [...layers.slice(circle).map((layer) => layer.name), base];
    return wrong(`a circle: ${round.join(" builds on ")}`);
  }
  if (names.includes(base)) return wrong(`"${base}", which is newer`);
  const meant = nearest(base, older);
  return wrong(show(base), meant === undefined ? undefined : `write "${meant}"`);
}

/** All that a release builds on is of one product; where nothing is said, it is the base's. */
function otherProduct(layers: readonly Layer[]): readonly Problem[] {
  const below = layers.at(-1) as Layer;
  const product = valueAt(below.file.data, ["product"]);
  const other = layers
    .slice(0, -1)
    .find(({ file }) => ![undefined, product].includes(valueAt(file.data, ["product"])));
  if (product === undefined || other === undefined) return [];
  const given = `${show(product)}, of which ${other.name} is none`;
  const wanted = show(valueAt(other.file.data, ["product"]));
  return [problem("release", ["product"], `the product of ${other.name}, ${wanted}`, given)];
}
