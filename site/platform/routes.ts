import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { clientPorts, covered, fullHost, nameSuffix } from "./ingress-names";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";

/** Routes from the outside to workloads, on the gateway and on the standby. */

/** The gateway chart's installation, which names all its objects. */
export const gateway = { name: "istio-ingress", namespace: "istio-ingress", server: "site" };

/** The standby's installation. */
export const standby = { name: "traefik", namespace: "traefik" };

/** Secret with the certificate for every name of the site, in the gateway's and the standby's namespace. */
export const wildcardSecret = "site-wildcard";

const redirectName = "to-https";

type Exposed = Extract<ReleaseWorkload, { expose: unknown }>["expose"][number];

/** What a workload exposes, as the release says. */
export function exposed(workload: ReleaseWorkload): readonly Exposed[] {
  return "expose" in workload ? workload.expose : [];
}

/** Who serves workloads that say nothing. */
export function defaultVia({ ingress, mesh }: Site): "gateway" | "standby" {
  return ingress?.active ?? (mesh === undefined ? "standby" : "gateway");
}

/** Host names of an exposed port, before the domain is put behind them. */
export function statedHosts(site: Site, name: string, { port, hosts }: Exposed): readonly string[] {
  const own = difference(site, name, port)?.hosts ?? hosts;
  return own.length > 0 ? own : [name];
}

/** Every route to a workload; none where the site has no ingress. */
export function workloadRoutes(
  site: Site,
  product: string,
  name: string,
  workload: ReleaseWorkload,
): readonly RouteBlueprint[] {
  const suffix = nameSuffix(site, product);
  if (site.ingress === undefined || suffix === undefined) return [];
  return exposed(workload).flatMap((item) => {
    const target = workload.ports.find((port) => port.name === item.port);
    if (target === undefined) return [];
    const hosts = statedHosts(site, name, item).map((host) => fullHost(host, suffix));
    const via = difference(site, name, item.port)?.via ?? item.via ?? defaultVia(site);
    const service = { host: serviceHost(site, name, workload.namespace), port: target.port };
    return [
      {
        name: `${name}-${item.port}`,
        hosts,
        path: item.path,
        service: name,
        port: target.port,
        via,
        ...onGateway(site, via, service),
        ...onStandby(site),
        urls: hosts.map((host) => url(site, host, item.path)),
      },
    ];
  });
}

/** The redirect that a namespace with routes needs; undefined where plain HTTP is served. */
export function namespaceRedirect(site: Site): RedirectBlueprint | undefined {
  if (!standbyInstalled(site) || !redirects(site)) return undefined;
  const { https } = clientPorts(site);
  return { name: redirectName, ...(https !== 443 && { port: https }) };
}

/** Whether plain HTTP is sent on to HTTPS. */
export function redirects({ ingress, certificates }: Site): boolean {
  return ingress?.httpsRedirect === true && certificates !== undefined;
}

export function standbyInstalled({ ingress }: Pick<Site, "ingress">): boolean {
  return ingress?.standby === true;
}

/** Names that the site's certificate must hold: everything below the domain, and names elsewhere one by one. */
export function certificateNames(site: Site, release: Release): readonly string[] {
  const suffix = nameSuffix(site, release.product);
  if (suffix === undefined) return [];
  const hosts = Object.entries(release.workloads).flatMap(([name, workload]) =>
    exposed(workload).flatMap((item) => statedHosts(site, name, item)),
  );
  const elsewhere = hosts
    .map((host) => fullHost(host, suffix))
    .filter((host) => !covered(host, suffix));
  return [`*.${suffix}`, suffix, ...[...new Set(elsewhere)].sort()];
}

function difference(site: Site, name: string, port: string) {
  const own = Object.hasOwn(site.workloads, name) ? site.workloads[name]?.expose : undefined;
  return own !== undefined && Object.hasOwn(own, port) ? own[port] : undefined;
}

function serviceHost(site: Site, name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${site.cluster.name}`;
}

/** Clients always come to the gateway first, so what the standby serves is handed over there. */
function onGateway(
  site: Site,
  via: "gateway" | "standby",
  workload: { readonly host: string; readonly port: number },
): Pick<RouteBlueprint, "gateway"> {
  if (site.mesh === undefined) return {};
  const handedOver = via === "standby" && standbyInstalled(site);
  const target = handedOver
    ? { host: serviceHost(site, standby.name, standby.namespace), port: 80 }
    : workload;
  return { gateway: { server: `${gateway.namespace}/${gateway.server}`, ...target } };
}

/** The standby knows every route, whoever serves it: it must be able to take over. */
function onStandby(site: Site): Pick<RouteBlueprint, "standby"> {
  if (!standbyInstalled(site)) return {};
  return {
    standby: {
      ingressClass: standby.name,
      secure: site.certificates !== undefined,
      ...(redirects(site) && { redirect: redirectName }),
    },
  };
}

function url(site: Site, host: string, path: string): string {
  const ports = clientPorts(site);
  const [scheme, port, usual] =
    site.certificates === undefined
      ? (["http", ports.http, 80] as const)
      : (["https", ports.https, 443] as const);
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}${path}`;
}
