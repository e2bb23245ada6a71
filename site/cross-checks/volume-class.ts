import { writeNearest } from "../nearest";
import type { Path } from "../path";
import { storageClasses } from "../platform/storage-classes";
import { type Problem, show, siteProblem } from "../problems";
import type { Site } from "../schema/site";

/**
 * Whether a part of the platform gets the volumes that it claims.
 *
 * @param part key of the site, which says under `storageClass` which class it wants
 * @param wanted the class; undefined for the site's default one
 */
export function volumeClassProblems(
  { storage }: Pick<Site, "storage">,
  part: Path,
  wanted: string | undefined,
): readonly Problem[] {
  const classes = (storage === undefined ? [] : storageClasses(storage)).filter(
    ({ serves }) => serves === "volumes",
  );
  const known = classes.map(({ name }) => name);
  if (known.length === 0) {
    const needed = "storage at the site, since it claims volumes";
    return [siteProblem(part, needed, "none", "state storage")];
  }
  const path = [...part, "storageClass"];
  const among = `a class of the site for volumes: ${known.join(", ")}`;
  if (wanted === undefined) {
    return classes.some((one) => one.default)
      ? []
      : [siteProblem(path, `${among}; none is the default`, "none", "name one")];
  }
  if (known.includes(wanted)) return [];
  return [siteProblem(path, among, show(wanted), writeNearest(wanted, known))];
}
