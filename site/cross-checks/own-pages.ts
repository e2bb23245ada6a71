import type { CheckInput } from "../check-input";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { exposed, statedHosts } from "../platform/routes";
import { type Problem, show, siteProblem } from "../problems";
import type { Via } from "../schema/ingress";
import { standbyOrGateway } from "./routes";

/** Keys of the site that a check of pages reads besides the part's own. */
export const pageReads: readonly (readonly string[])[] = [
  ["ingress"],
  ["mesh"],
  ["certificates"],
  ["edge"],
  ["hosts"],
  ["workloads"],
];

/**
 * What is wrong with pages of the platform behind the site's ingress: they have a name of their own, somebody who serves
 * them, and a certificate, since a password goes over them. Nothing where the site has no ingress.
 *
 * @param part key of the site with `host` and `via`
 * @param whose as "Argo CD's"
 */
export function ownPageProblems(
  { site, release }: CheckInput,
  part: string,
  whose: string,
  { host, via }: { readonly host: string; readonly via?: Via | undefined },
): readonly Problem[] {
  const { ingress, certificates } = site;
  const suffix = ingress && release && nameSuffix(site, release.product);
  if (release === undefined || suffix === undefined) return [];
  const own = fullHost(host, suffix);
  const owner = Object.entries(release.workloads).find(([name, workload]) =>
    exposed(workload)
      .flatMap((item) => statedHosts(site, name, item))
      .some((stated) => fullHost(stated, suffix) === own),
  )?.[0];
  return [
    ...(owner === undefined
      ? []
      : [
          siteProblem(
            [part, "host"],
            `a name that no workload has: ${own} is ${owner}'s`,
            show(host),
          ),
        ]),
    ...(via === undefined
      ? []
      : standbyOrGateway(via, site).map((needed) => siteProblem([part, "via"], needed, show(via)))),
    ...(certificates === undefined
      ? [
          siteProblem(
            [part],
            `certificates at a site with an ingress: a password goes over ${whose} pages`,
            "a site without them",
            "add certificates: {}",
          ),
        ]
      : []),
  ];
}
