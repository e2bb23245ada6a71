import type { CheckInput, CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { exposed, statedHosts } from "../platform/routes";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";

/** Rules over what workloads expose, in the release and in the site's differences from it. */

const reads = [["workloads"], ["ingress"], ["mesh"], ["edge"], ["hosts"]];

/** What a choice between gateway and standby lacks at a site; empty when it is there. */
export function standbyOrGateway(
  via: "gateway" | "standby",
  { ingress, mesh }: Pick<Site, "ingress" | "mesh">,
): readonly string[] {
  if (via === "gateway" && mesh === undefined) return ["a site with a mesh: it has the gateway"];
  if (via === "standby" && ingress?.standby === false) return ["ingress.standby to be true"];
  return [];
}

/** What is exposed are ports of the workload, once each, and whoever is to serve them is there. */
export const exposedPorts: CrossCheck = {
  reads,
  find: (input) =>
    Object.entries(input.release?.workloads ?? {}).flatMap(([name, workload]) => [
      ...ofRelease(name, workload, input.site),
      ...ofSite(name, workload, input),
    ]),
};

function ofRelease(name: string, workload: ReleaseWorkload, site: Site): readonly Problem[] {
  const items = exposed(workload);
  const ports = workload.ports.map((port) => port.name);
  return items.flatMap(({ port, via }, at) => {
    const where = ["workloads", name, "expose", at];
    const problems: Problem[] = [];
    if (!ports.includes(port)) {
      const known = ports.length === 0 ? "none" : ports.join(", ");
      const meant = nearest(port, ports);
      const next = meant === undefined ? undefined : `write ${meant}`;
      const needed = `a port of the workload: ${known}`;
      problems.push(problem("release", [...where, "port"], needed, show(port), next));
    } else if (items.slice(0, at).some((other) => other.port === port)) {
      const next = "put all host names under one of them";
      const needed = "a port that is exposed once";
      problems.push(problem("release", [...where, "port"], needed, show(port), next));
    }
    const own = site.workloads[name]?.expose[port]?.via;
    if (site.ingress === undefined || via === undefined || own !== undefined) return problems;
    const lacks = standbyOrGateway(via, site).map((needed) =>
      problem(
        "release",
        [...where, "via"],
        needed,
        show(via),
        `remove it, or state workloads.${name}.expose.${port}.via in the site`,
      ),
    );
    return [...problems, ...lacks];
  });
}

function ofSite(name: string, workload: ReleaseWorkload, { site }: CheckInput): readonly Problem[] {
  const own = Object.hasOwn(site.workloads, name) ? site.workloads[name] : undefined;
  const ports = exposed(workload).map(({ port }) => port);
  return Object.entries(own?.expose ?? {}).flatMap(([port, { via }]) => {
    const where = ["workloads", name, "expose", port];
    if (site.ingress === undefined) {
      const next = "add the key ingress to the site, or remove it here";
      return [siteProblem(where, "a site with an ingress", show(port), next)];
    }
    if (!ports.includes(port)) {
      const meant = nearest(port, ports);
      const next = meant === undefined ? "remove it" : `write ${meant}`;
      const needed = `a port that the release exposes: ${ports.join(", ") || "none"}`;
      return [siteProblem(where, needed, show(port), next)];
    }
    return via === undefined
      ? []
      : standbyOrGateway(via, site).map((needed) =>
          siteProblem([...where, "via"], needed, show(via)),
        );
  });
}

interface Claim {
  readonly host: string;
  readonly path: string;
  readonly owner: string;
  readonly document: "site" | "release";
  readonly where: Path;
}

/** No request has two places to go: a host and the beginning of a path belong to one port of one workload. */
export const hostClashes: CrossCheck = {
  reads,
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
    exposed(workload).flatMap((item, at) => {
      const { port, path, hosts } = item;
      const own = Object.hasOwn(site.workloads, name) ? site.workloads[name]?.expose : undefined;
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
