import type { CrossCheck } from "../check-input";
import { ownValue, type Path } from "../path";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { exposed, exposedAt, statedHosts } from "../platform/routes";
import { problem } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";

interface Claim {
  readonly host: string;
  readonly path: string;
  readonly owner: string;
  readonly document: "site" | "release";
  readonly where: Path;
}

/** No request has two places to go: a host and the beginning of a path belong to one port of one workload. */
export const hostClashes: CrossCheck = {
  reads: [["workloads"], ["ingress"], ["mesh"], ["edge"], ["hosts"]],
  find: ({ site, release }) => {
    const suffix = release && nameSuffix(site, release.product);
    if (release === undefined || suffix === undefined) return [];
    const all = claimsOf(site, release, suffix);
    // What the site states is what is blamed: it can be changed there.
    const claims = [
      ...all.filter((claim) => claim.document === "release"),
      ...all.filter((claim) => claim.document === "site"),
    ];
    return claims.flatMap((claim, at) => {
      const other = claims
        .slice(0, at)
        .find((earlier) => earlier.host === claim.host && overlap(earlier.path, claim.path));
      if (other === undefined) return [];
      const needed = "a host name and path that nothing else has";
      const given = `${claim.host} ${claim.path}, which is ${other.owner}'s with ${other.path}`;
      const next = "give one of them other hosts, or paths of which neither begins the other";
      return [problem(claim.document, claim.where, needed, given, next)];
    });
  },
};

function claimsOf(site: Site, release: Release, suffix: string): readonly Claim[] {
  return Object.entries(release.workloads).flatMap(([name, workload]) =>
    exposedAt(site, name, workload).flatMap((item) => {
      const { port, path, hosts } = item;
      const at = exposed(workload).indexOf(item);
      const own = ownValue(site.workloads, name)?.expose;
      const fromSite = own?.[port]?.hosts !== undefined;
      const base: Path = fromSite
        ? ["workloads", name, "expose", port, "hosts"]
        : ["workloads", name, "expose", at, ...(hosts.length > 0 ? ["hosts"] : [])];
      return statedHosts(site, name, item).map((host, place) => ({
        host: fullHost(host, suffix),
        path,
        owner: `port ${port} of ${name}`,
        document: fromSite ? ("site" as const) : ("release" as const),
        where: fromSite || hosts.length > 0 ? [...base, place] : base,
      }));
    }),
  );
}

/** The gateway compares the beginnings of paths letter by letter, in no order between workloads. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
