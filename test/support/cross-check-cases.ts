import assert from "node:assert/strict";
import { problemsOf, smallSite } from "./sites";

type AnySite = ReturnType<typeof smallSite>;

/** A way to spoil the small site, and what is then found. */
export interface Case {
  readonly title: string;
  readonly spoil: (site: AnySite) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

/** A further control-plane host. */
export const control = (name: string, address: string, roles: readonly string[]) => ({
  ...smallSite().hosts[0],
  name,
  address,
  roles,
});
/** A further worker. */
export const worker = (name: string, address: string, more: object = {}) => ({
  ...smallSite().hosts[1],
  name,
  address,
  ...more,
});

/** One test a case, that exactly these problems are found. */
export function describeCases(group: string, cases: readonly Case[]): void {
  describe(`Cross-checks of ${group} find`, () => {
    for (const { title, spoil, problems } of cases) {
      it(title, () => {
        const site = smallSite();
        spoil(site);
        const found = problemsOf(site);
        const wanted = problems.map((problem) => `sitewright:site.${problem}`);
        assert.deepEqual(
          found.map((text, at) => text.slice(0, wanted[at]?.length)),
          wanted,
          found.join("\n"),
        );
      });
    }
  });
}
