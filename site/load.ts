import { dirname } from "node:path";
import { makeBlueprint } from "./blueprint";
import type { Blueprint } from "./blueprint-types";
import { type Bundle, loadBundle } from "./bundle";
import { loadCatalogue } from "./catalogue";
import { crossCheck } from "./cross-checks/all";
import { parseDocument } from "./parse";
import { type DocumentPlace, type Places, type Problem, show, throwProblems } from "./problems";
import { readRelease } from "./release";
import { type NotUndone, notUndone } from "./release/rollback";
import { RunError } from "./run-error";
import { salvage } from "./salvage";
import type { Catalogue } from "./schema/catalogue";
import { nameField } from "./schema/fields";
import type { Release } from "./schema/release";
import { type Site, siteSchema } from "./schema/site";
import { readStackFile, type StackFile, siteKey } from "./stack-file";

/** The folder that holds stack files, releases/, catalogue/ and bundles/. */
export const projectRoot = dirname(__dirname);

/** A site without problems and all that it is made from. */
export interface LoadedSite {
  readonly name: string;
  readonly site: Site;
  readonly release: Release;
  readonly catalogue: Catalogue;
  readonly bundle: Bundle | undefined;
  readonly blueprint: Blueprint;
  /** Names of the secrets that the stack holds; undefined where they are not known. */
  readonly secretNames: readonly string[] | undefined;
  /** What going back to this release from another one does not undo; of one that cannot be read, what is known. */
  readonly notUndoneFrom: (release: string) => readonly NotUndone[];
}

/** A site as it was found, not yet checked. */
export interface GivenSite {
  /** Name of the stack. */
  readonly name: string;
  /** The object under `sitewright:site`. */
  readonly data: unknown;
  /** Where it stands, for messages. Default: the key alone, as Pulumi hands out configuration without lines. */
  readonly place?: DocumentPlace;
  /** Names of the stack's secrets, where they are known: each one that the site refers to must be there. */
  readonly secretNames?: readonly string[];
  /** Faults that somebody else found in the same file, to be named with the site's own. */
  readonly further?: readonly Problem[];
}

/**
 * Reads a site from its stack file `Pulumi.<name>.yaml`.
 * Throws one RunError that names every problem by file and line.
 */
export function loadSite(
  name: string,
  root: string = projectRoot,
  stackFile: StackFile = readStackFile(root, name),
  further: readonly Problem[] = [],
): LoadedSite {
  const { data, place, secretNames } = stackFile;
  return resolveSite({ name, data, place, secretNames, further }, root);
}

/**
 * Reads a site from an object, as Pulumi's configuration hands it out, together with its release,
 * the catalogue and the bundle's description. Throws one RunError that names every problem.
 * `catalogue` is for those who read many sites in one go; it is the root's when left out.
 */
export function resolveSite(
  given: GivenSite,
  root: string = projectRoot,
  catalogue: Catalogue = loadCatalogue(root),
): LoadedSite {
  const { name, data, secretNames, further = [] } = given;
  requireName(name);
  const parsed = parseDocument("site", siteSchema, data);
  const readable = salvage(data, parsed.faulty);
  const releaseKnown = !parsed.faulty.some((path) => path.length === 0 || path[0] === "release");
  const release = releaseKnown ? readRelease(root, readable.site.release) : undefined;

  const places: Places = {
    site: given.place ?? { root: siteKey },
    ...(release !== undefined && { release: release.place }),
    kubernetes: { file: "catalogue/kubernetes.yaml" },
  };
  const input = { name, ...readable, release: release?.parsed.value, catalogue, secretNames };
  const problems = [
    ...parsed.problems,
    ...(release?.parsed.problems ?? []),
    ...crossCheck(input, parsed.faulty),
    ...further,
  ];
  throwProblems(problems, places);
  if (parsed.value === undefined || release?.parsed.value === undefined) {
    throw new Error("a site without problems must have a value");
  }
  const found = { name, site: parsed.value, release: release.parsed.value, catalogue };
  const bundle = loadBundle(root, found.release.release);
  const notUndoneFrom = (other: string) => {
    const newer = readRelease(root, other).parsed.value ?? { ...found.release, release: other };
    return notUndone(found.site, newer, found.release);
  };
  const blueprint = makeBlueprint({ ...found, bundle });
  return { ...found, bundle, secretNames, notUndoneFrom, blueprint };
}

/** A site's name becomes part of paths on this machine and on the installer host. */
function requireName(name: string): void {
  const result = nameField.safeParse(name);
  if (result.success) return;
  const [issue] = result.error.issues;
  throw new RunError(`a site needs ${issue?.message}; given ${show(name)}`, {
    exitCode: 2,
    nextStep: "rename the stack: pulumi stack rename <name>",
  });
}
