import { writeNearest } from "../nearest";
import type { Path } from "../path";
import { type Problem, show, siteProblem } from "../problems";

/** Keys of the site that name what is not there: each is told what there is, and the nearest of it. */
export function unknownNames(
  stated: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: Path,
  what: string,
): readonly Problem[] {
  return Object.keys(stated)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const needed = `${what}: ${known.join(", ") || "it has none"}`;
      return siteProblem(
        [...path, name],
        needed,
        show(name),
        writeNearest(name, known, "remove it"),
      );
    });
}
