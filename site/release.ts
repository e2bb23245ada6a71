import { nearest } from "./nearest";
import { type Parsed, parseDocument } from "./parse";
import type { Path } from "./path";
import { type DocumentPlace, type Problem, problem, show, siteProblem } from "./problems";
import { readChain, wrongName } from "./release/chain";
import { type AddedKey, layeredPlace, layerOf, mergeLayers } from "./release/layers";
import { releaseNames } from "./release/names";
import { type Release, releaseSchema } from "./schema/release";

/** A release as it was found, with all that it inherits. */
export interface FoundRelease {
  readonly parsed: Parsed<Release>;
  readonly place: DocumentPlace;
}

/** A release that a site names, with its problems and its place; a release that is not there is the site's problem. */
export function readRelease(root: string, name: string): FoundRelease {
  const names = releaseNames(root);
  if (names.includes(name)) return readKnownRelease(root, name);
  const meant = nearest(name, names);
  const next = meant === undefined ? `add releases/${name}.yaml` : `write "${meant}"`;
  const needed = `a release of releases/: ${names.join(", ")}`;
  const missing = siteProblem(["release"], needed, `"${name}"`, next);
  return { parsed: { problems: [missing], faulty: [[]] }, place: {} };
}

/** The same for a release whose file is there. */
export function readKnownRelease(root: string, name: string): FoundRelease {
  const { layers, problems } = readChain(root, name);
  const place = layeredPlace(layers);
  if (problems.length > 0) return { parsed: { problems, faulty: [[]] }, place };
  const { data, added } = mergeLayers(layers);
  // A key is mistyped in one file, so what was meant is a key which that file does not have yet.
  const statedWith = (path: Path) => layerOf(layers, path)?.file.data;
  const parsed = parseDocument("release", releaseSchema, data, statedWith);
  const { value } = parsed;
  const idle = added.filter(({ removes }) => removes).map(nothingToRemove);
  const wrong =
    value === undefined || value.release === name ? [] : [wrongName(name, value.release)];
  if (idle.length + wrong.length + parsed.problems.length === 0) return { parsed, place };
  const told = meantInherited(parsed.problems, added);
  return { parsed: { faulty: [[]], problems: [...told, ...idle, ...wrong] }, place };
}

function nothingToRemove({ layer, path, known }: AddedKey): Problem {
  const meant = nearest(String(path.at(-1)), known);
  const next = meant === undefined ? "remove this line, or give it a value" : `write ${meant}`;
  const needed = "something inherited, which null removes";
  return { ...problem("release", path, needed, "null", next), place: layer.file };
}

/** What lacks much of what it needs, under a name that is nearly an inherited one, is that one mistyped. */
function meantInherited(
  problems: readonly Problem[],
  added: readonly AddedKey[],
): readonly Problem[] {
  const mistyped = added.flatMap(({ path, known, removes }) => {
    const name = String(path.at(-1));
    const meant = nearest(name, known);
    const lacking = problems.filter((one) => isBelow(one.path, path) && one.given === "nothing");
    if (removes || meant === undefined || lacking.length === 0) return [];
    const needed = "an inherited name, or all that something new needs";
    return [{ lacking, told: problem("release", path, needed, show(name), `write ${meant}`) }];
  });
  const replaced = new Set(mistyped.flatMap(({ lacking }) => lacking));
  return [...problems.filter((one) => !replaced.has(one)), ...mistyped.map(({ told }) => told)];
}

function isBelow(path: Path, above: Path): boolean {
  return path.length > above.length && above.every((step, at) => step === path[at]);
}
