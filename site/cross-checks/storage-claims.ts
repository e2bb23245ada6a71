import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { storageClasses } from "../platform/storage-classes";
import type { StorageClassBlueprint } from "../platform/storage-types";
import { type Problem, problem, show } from "../problems";
import { type PlacedClaim, placedClaims } from "./claims";

/** Every claim of the release gets a volume: from a class that the site has, or from its default class. */
export const storageClaims: CrossCheck = {
  reads: [["storage"], ["release"], ["workloads"], ["volumes"], ["hosts"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const classes = site.storage === undefined ? [] : storageClasses(site.storage);
    return placedClaims(site, release).flatMap((claim) =>
      claimProblems(claim, classes, release.release),
    );
  },
};

function claimProblems(
  { storageClass, document, path }: PlacedClaim,
  classes: readonly StorageClassBlueprint[],
  release: string,
): readonly Problem[] {
  const known = classes.filter(({ serves }) => serves === "volumes").map(({ name }) => name);
  if (storageClass === undefined) {
    if (classes.some((each) => each.default)) return [];
    const needed =
      known.length === 0
        ? "storage at the site, since it claims a volume"
        : `a storageClass, since the site has no default one: ${known.join(", ")}`;
    const next =
      known.length === 0
        ? "state storage in the site"
        : "name one, or make one of the site's classes the default";
    return [problem("release", path, needed, `release ${release} names none`, next)];
  }
  if (known.includes(storageClass)) return [];
  const where = [...path, "storageClass"];
  if (known.length === 0) {
    const needed = "storage at the site, since it claims a volume";
    return [problem(document, where, needed, show(storageClass), "state storage in the site")];
  }
  const bucket = classes.some(({ name }) => name === storageClass);
  const needed = `a class of the site${bucket ? " for volumes; this one is for buckets" : ""}: ${known.join(", ")}`;
  const meant = nearest(storageClass, known);
  const next =
    meant === undefined
      ? `name one of these${bucket ? "" : ", or call the site's class so"}`
      : `write ${meant}`;
  return [problem(document, where, needed, show(storageClass), next)];
}
