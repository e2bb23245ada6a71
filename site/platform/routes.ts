import { ownValue } from "../path";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import type { PortProtocol } from "../schema/workload-network";
import { gatewayNodePort } from "../workload/node-ports";
import { portProtocol } from "../workload/ports";
import { clientAddress, clientPorts, covered, fullHost, nameSuffix } from "./ingress-names";
import type { GatewayListener, RedirectBlueprint, RouteBlueprint } from "./ingress-types";

/** Routes from the outside to workloads, on the gateway and on the standby. */

/** The gateway chart's installation, which names all its objects. */
export const gateway = {
  name: "istio-ingress",
  namespace: "istio-ingress",
  /** What it serves by the site's certificate, by the workloads' own, and on ports of its own. */
  server: "site",
  passthroughServer: "passthrough",
  tcpServer: "tcp",
};

/** The standby's installation. */
export const standby = { name: "traefik", namespace: "traefik" };

/** Secret with the certificate for every name of the site, in the gateway's and the standby's namespace. */
export const wildcardSecret = "site-wildcard";

const redirectName = "to-https";

/** A port of a workload that clients outside the cluster reach. */
export type Exposed = Extract<ReleaseWorkload, { expose: unknown }>["expose"][number];

/** What of a workload matters to those who call it; parts of the platform have it too. */
export type Served = Pick<ReleaseWorkload, "namespace" | "ports"> & {
  readonly expose?: readonly Exposed[];
};

/** What a workload exposes, as the release says. */
export function exposed({ expose = [] }: Served): readonly Exposed[] {
  return expose;
}

/** What of it this site exposes. */
export function exposedAt(site: Site, name: string, workload: Served): readonly Exposed[] {
  return exposed(workload).filter(({ port }) => exposeDifference(site, name, port)?.off !== true);
}

/** Who serves workloads that say nothing. */
export function defaultVia({ ingress, mesh }: Site): "gateway" | "standby" {
  return ingress?.active ?? (mesh === undefined ? "standby" : "gateway");
}

/** Host names of an exposed port, before the domain is put behind them; a port of its own has none. */
export function statedHosts(
  site: Site,
  name: string,
  { port, hosts, tcp }: Exposed,
): readonly string[] {
  if (tcp !== undefined) return [];
  const own = exposeDifference(site, name, port)?.hosts ?? hosts;
  return own.length > 0 ? own : [name];
}

/** Every route to a workload; none where the site has no ingress. */
export function workloadRoutes(
  site: Site,
  product: string,
  name: string,
  workload: Served,
): readonly RouteBlueprint[] {
  const suffix = nameSuffix(site, product);
  if (site.ingress === undefined || suffix === undefined) return [];
  return exposedAt(site, name, workload).flatMap((item): readonly RouteBlueprint[] => {
    const target = workload.ports.find((port) => port.name === item.port);
    if (target === undefined) return [];
    const service = { host: serviceHost(site, name, workload.namespace), port: target.port };
    const route = {
      name: `${name}-${item.port}`,
      path: item.path,
      service: name,
      port: target.port,
    };
    if (item.tcp !== undefined)
      return tcpRoute(site, route, item.tcp, listener(site, name, item), service);
    const kind = item.tls === "passthrough" ? "tls" : "http";
    const hosts = statedHosts(site, name, item).map((host) => fullHost(host, suffix));
    const via = exposeDifference(site, name, item.port)?.via ?? item.via ?? defaultVia(site);
    return [
      {
        ...route,
        kind,
        hosts,
        via,
        ...onGateway(site, kind, via, service),
        ...onStandby(site, portProtocol(target)),
        urls: hosts.map((host) => url(site, kind, host, item.path)),
      },
    ];
  });
}

type RouteStart = Pick<RouteBlueprint, "name" | "path" | "service" | "port">;
type Target = { readonly host: string; readonly port: number };

/** A route for connections of any kind; none where no gateway is there to take them. */
function tcpRoute(
  site: Site,
  route: RouteStart,
  tcp: number,
  { nodePort }: GatewayListener,
  target: Target,
): readonly RouteBlueprint[] {
  if (site.mesh === undefined) return [];
  const port = site.edge === undefined ? nodePort : tcp;
  return [
    {
      ...route,
      kind: "tcp",
      hosts: [],
      via: "gateway",
      gateway: { server: `${gateway.namespace}/${gateway.tcpServer}`, ...target, listener: tcp },
      urls: [`tcp://${clientAddress(site)}:${port}`],
    },
  ];
}

function listener(site: Site, name: string, { port, tcp = 0, nodePort }: Exposed): GatewayListener {
  const stated = exposeDifference(site, name, port)?.nodePort ?? nodePort;
  return { port: tcp, nodePort: gatewayNodePort(tcp, stated) };
}

/** Ports of the gateway's own that workloads of the release are reached on. */
export function gatewayListeners(site: Site, release: Release): readonly GatewayListener[] {
  if (site.ingress === undefined || site.mesh === undefined) return [];
  return Object.entries(release.workloads)
    .flatMap(([name, workload]) =>
      exposedAt(site, name, workload)
        .filter(({ tcp }) => tcp !== undefined)
        .map((item) => listener(site, name, item)),
    )
    .sort((one, other) => one.port - other.port);
}

/** Hosts whose connections go on as they are, TLS included. */
export function passthroughHosts(site: Site, release: Release): readonly string[] {
  const suffix = nameSuffix(site, release.product);
  if (site.ingress === undefined || suffix === undefined) return [];
  const hosts = Object.entries(release.workloads).flatMap(([name, workload]) =>
    exposedAt(site, name, workload)
      .filter(({ tls }) => tls === "passthrough")
      .flatMap((item) => statedHosts(site, name, item)),
  );
  return [...new Set(hosts.map((host) => fullHost(host, suffix)))].sort();
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
    exposedAt(site, name, workload)
      .filter(({ tls }) => tls === undefined)
      .flatMap((item) => statedHosts(site, name, item)),
  );
  const elsewhere = hosts
    .map((host) => fullHost(host, suffix))
    .filter((host) => !covered(host, suffix));
  return [`*.${suffix}`, suffix, ...[...new Set(elsewhere)].sort()];
}

/** A site's differences from what the release says of an exposed port. */
export function exposeDifference(site: Site, name: string, port: string) {
  const own = ownValue(site.workloads, name)?.expose;
  return ownValue(own, port);
}

/** Full name of a workload's Service. */
export function serviceHost(
  { cluster }: { readonly cluster: { readonly name: string } },
  name: string,
  namespace: string,
): string {
  return `${name}.${namespace}.svc.${cluster.name}`;
}

/** Clients always come to the gateway first, so what the standby serves is handed over there. */
function onGateway(
  site: Site,
  kind: "http" | "tls",
  via: "gateway" | "standby",
  workload: Target,
): Pick<RouteBlueprint, "gateway"> {
  if (site.mesh === undefined) return {};
  const handedOver = via === "standby" && standbyInstalled(site);
  const target = handedOver
    ? {
        host: serviceHost(site, standby.name, standby.namespace),
        port: kind === "tls" ? 443 : 80,
      }
    : workload;
  const server = kind === "tls" ? gateway.passthroughServer : gateway.server;
  return { gateway: { server: `${gateway.namespace}/${server}`, ...target } };
}

/** The standby knows every route, whoever serves it: it must be able to take over. */
function onStandby(site: Site, protocol: PortProtocol): Pick<RouteBlueprint, "standby"> {
  if (!standbyInstalled(site)) return {};
  return {
    standby: {
      ingressClass: standby.name,
      secure: site.certificates !== undefined,
      ...((protocol === "grpc" || protocol === "http2") && { scheme: "h2c" as const }),
      ...(redirects(site) && { redirect: redirectName }),
    },
  };
}

function url(site: Site, kind: "http" | "tls", host: string, path: string): string {
  const ports = clientPorts(site);
  const [scheme, port, usual] =
    site.certificates === undefined && kind === "http"
      ? (["http", ports.http, 80] as const)
      : (["https", ports.https, 443] as const);
  return `${scheme}://${host}${port === usual ? "" : `:${port}`}${path}`;
}
