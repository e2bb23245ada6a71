import type { CrossCheck } from "../check-input";
import type { Path } from "../path";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { pageHosts } from "../platform/monitoring-pages";
import { exposed, statedHosts } from "../platform/routes";
import { type Problem, show, siteProblem } from "../problems";
import type { Via } from "../schema/ingress";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { standbyOrGateway } from "./routes";

/** Rules over the pages of the platform that people reach through the site's ingress. */

interface OwnPage {
  /** Who shows it. */
  readonly owner: string;
  readonly host: string;
  /** Key that names the host. */
  readonly hostPath: Path;
  readonly via?: Via | undefined;
  readonly viaPath: Path;
  /** Key of the part, where a password goes over the page. */
  readonly login?: Path;
}

function ownPages({
  delivery,
  logging,
  monitoring,
  nightingale,
  tracing,
}: Site): readonly OwnPage[] {
  const page = (
    owner: string,
    path: Path,
    stated: { readonly host?: string | undefined; readonly via?: Via | undefined } | undefined,
    login?: Path,
  ): readonly OwnPage[] =>
    stated?.host === undefined
      ? []
      : [
          {
            owner,
            host: stated.host,
            hostPath: [...path, "host"],
            via: stated.via,
            viaPath: [...path, "via"],
            ...(login && { login }),
          },
        ];
  const grafana = ["monitoring", "grafana"];
  const withoutLogin = monitoring === undefined ? [] : pageHosts(monitoring).slice(1);
  return [
    ...page("Argo CD", ["delivery"], delivery, ["delivery"]),
    ...page("Grafana", grafana, monitoring?.grafana, ["monitoring"]),
    ...withoutLogin.map(({ name, host }) => ({
      owner: name === "prometheus" ? "Prometheus" : "Alertmanager",
      host,
      hostPath: ["monitoring", "withoutLogin"],
      viaPath: [...grafana, "via"],
    })),
    ...page("Kibana", ["logging", "inSite"], logging?.inSite, ["logging", "inSite"]),
    ...page("tracing", ["tracing"], tracing),
    ...page("Nightingale", ["nightingale"], nightingale, ["nightingale"]),
  ];
}

/**
 * Every page has a name of its own, somebody who serves it, and a certificate where a password goes over it. Nothing
 * where the site has no ingress.
 */
export const pageChecks: CrossCheck = {
  reads: [
    ...["delivery", "logging", "monitoring", "nightingale", "tracing"].map((key) => [key]),
    ...["ingress", "mesh", "certificates", "edge", "hosts", "workloads"].map((key) => [key]),
  ],
  find: ({ site, release }) => {
    const suffix = site.ingress && release && nameSuffix(site, release.product);
    if (release === undefined || suffix === undefined) return [];
    const owners = workloadHosts(site, release, suffix);
    return ownPages(site).flatMap((page): readonly Problem[] => {
      const { owner, host, hostPath, via, viaPath, login } = page;
      const full = fullHost(host, suffix);
      const earlier = owners.get(full);
      if (earlier === undefined) owners.set(full, owner);
      const taken = `a name that nothing else has: ${full} is that of ${earlier}`;
      const unserved = via === undefined ? [] : standbyOrGateway(via, site);
      return [
        ...(earlier === undefined ? [] : [siteProblem(hostPath, taken, show(host))]),
        ...unserved.map((needed) => siteProblem(viaPath, needed, show(via))),
        ...(login === undefined || site.certificates !== undefined
          ? []
          : [
              siteProblem(
                login,
                `certificates at a site with an ingress: a password goes over ${owner}'s pages`,
                "a site without them",
                "add certificates: {}",
              ),
            ]),
      ];
    });
  },
};

/** Who has a host name already, by the name in full. */
function workloadHosts(site: Site, release: Release, suffix: string): Map<string, string> {
  return new Map(
    Object.entries(release.workloads).flatMap(([name, workload]) =>
      exposed(workload)
        .flatMap((item) => statedHosts(site, name, item))
        .map((host) => [fullHost(host, suffix), `the workload ${name}`] as const),
    ),
  );
}
