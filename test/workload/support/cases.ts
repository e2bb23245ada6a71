import assert from "node:assert/strict";
import { releaseProblems, smallRelease } from "../../support/releases";
import { smallSite } from "../../support/sites";

// biome-ignore lint/suspicious/noExplicitAny: cases spoil release and site in ways that no type allows
type Any = any;

/** A way to spoil the small release and its site, and what is then found. */
export interface Case {
  readonly title: string;
  readonly spoil: (release: Any, site: Any) => void;
  /** One for each problem expected, in any order; none where all is well. */
  readonly problems: readonly RegExp[];
}

export type Cases = Readonly<Record<string, readonly Case[]>>;

/** One test a case, that exactly these problems are found. */
export function describeCases(cases: Cases): void {
  for (const [group, list] of Object.entries(cases)) {
    describe(`Cross-checks of ${group} find`, () => {
      for (const { title, spoil, problems } of list) {
        it(title, () => {
          const release = smallRelease();
          const site = { ...smallSite(), workloads: {} };
          spoil(release, site);
          const found = releaseProblems(release, site);
          for (const problem of problems) {
            assert.ok(
              found.some((line) => problem.test(line.replace(/^release {2}/, ""))),
              `${problem}\n${found.join("\n")}`,
            );
          }
          assert.equal(found.length, problems.length, found.join("\n"));
        });
      }
    });
  }
}
