import type { EdgeSettings } from "../schema/edge";
import type { Site, SiteHost } from "../schema/site";
import type {
  EdgeBackend,
  EdgeBlueprint,
  EdgeForward,
  EdgePort,
  KeepalivedBlueprint,
  VirtualAddress,
} from "./edge-types";
import type { GatewayListener } from "./ingress-types";
import { gatewayReadyPath, nodePorts, standbyReadyPath } from "./node-ports";

/** Port on which a proxy tells its own host that it works. */
export const proxyMonitorPort = 8405;

/** Long enough for slow answers, short enough that clients which vanished do not pile up. */
const timeouts = { connectSeconds: 5, idleSeconds: 300, tunnelSeconds: 3600 };

/** Steps between members' priorities; VRRP takes 1 to 254. */
const highestPriority = 200;
const priorityStep = 10;

type EdgeInput = Pick<Site, "hosts"> & {
  readonly edge?: EdgeSettings | undefined;
  readonly monitoring?: Site["monitoring"];
};
type EndpointInput = Pick<Site, "hosts" | "cluster">;

/** Hosts that gateways run on: the edge hosts, and where a site has none, the workers. */
export function gatewayHosts(hosts: readonly SiteHost[]): readonly SiteHost[] {
  const edge = withRole(hosts, "edge");
  return edge.length > 0 ? edge : withRole(hosts, "worker");
}

/**
 * Everything about the way in; undefined for a site that states none.
 *
 * @param listeners the gateway's own ports besides HTTP and HTTPS
 */
export function edgeBlueprint(
  site: EdgeInput,
  listeners: readonly GatewayListener[],
): EdgeBlueprint | undefined {
  const { edge, hosts } = site;
  if (edge === undefined) return undefined;
  const gateways = gatewayHosts(hosts);
  const standbys = withRole(hosts, "worker");
  const members = withRole(hosts, "edge");
  const addresses = [edge.address, edge.secondAddress].filter((address) => address !== undefined);
  return {
    mode: edge.mode,
    addresses,
    ports: edgePorts(edge, gateways, standbys, listeners),
    proxyProtocol: edge.proxyProtocol,
    proxyAddresses: edge.mode === "keepalived" ? members.map(({ address }) => address) : [],
    gatewayHosts: gateways.map(({ name }) => name),
    standbyHosts: standbys.map(({ name }) => name),
    ...(edge.mode === "keepalived" && {
      own: {
        proxy: {
          monitorPort: proxyMonitorPort,
          stats: { ...edge.stats, allow: [...edge.stats.allow, ...readers(site)] },
          limits: edge.limits,
          timeouts,
        },
        keepalived: {
          name: "edge",
          addresses: addresses.map((address, at) => sharedAddress(edge, address, at, members)),
          check: { kind: "proxy", port: proxyMonitorPort },
        },
      },
    }),
  };
}

/** What reads figures runs on workers, and is seen as the one that it runs on. */
function readers({ hosts, monitoring }: EdgeInput): readonly string[] {
  if (monitoring === undefined) return [];
  return withRole(hosts, "worker").map(({ address }) => `${address}/32`);
}

/** The shared address of the API servers, for an endpoint of mode `keepalived`; undefined for every other. */
export function controlPlaneAddress(site: EndpointInput): KeepalivedBlueprint | undefined {
  const { mode, address, port, routerId, interface: link } = site.cluster.endpoint;
  if (mode !== "keepalived" || address === undefined) return undefined;
  return {
    name: "control-plane",
    addresses: [
      {
        name: "control-plane",
        address,
        routerId: routerId ?? defaultEndpointRouterId,
        ...(link !== undefined && { interface: link }),
        // Alike on purpose: the check alone decides, so the address does not go back and forth.
        members: withRole(site.hosts, "control-plane").map((host) => ({
          host: host.name,
          address: host.address,
          priority: highestPriority,
        })),
        moves: "healthiest",
      },
    ],
    check: { kind: "api-server", port },
  };
}

/** Router id of the API servers' shared address where the site states none. */
export const defaultEndpointRouterId = 50;

/** What whoever balances must forward, and how it sees whether a machine is ready. */
export function edgeForwards(edge: EdgeBlueprint): readonly EdgeForward[] {
  return edge.addresses.flatMap((address) =>
    edge.ports.map(({ name, port, gateway, standby }) => ({
      name,
      from: `${address}:${port}`,
      to: gateway.hosts.map((host) => `${host.address}:${gateway.nodePort}`),
      standby: standby?.hosts.map((host) => `${host.address}:${standby.nodePort}`) ?? [],
      readyWhen:
        gateway.health === undefined
          ? "it accepts a connection"
          : `GET ${gateway.health.path} on its port ${gateway.health.port} is 200`,
    })),
  );
}

function edgePorts(
  edge: EdgeSettings,
  gateways: readonly SiteHost[],
  standbys: readonly SiteHost[],
  listeners: readonly GatewayListener[],
): readonly EdgePort[] {
  const { gateway, standby } = nodePorts;
  const gatewayHealth = { port: gateway.status, path: gatewayReadyPath };
  const web = (name: "http" | "https"): EdgePort => ({
    name,
    port: edge[name],
    gateway: backend(gateways, gateway[name], gatewayHealth),
    standby: backend(standbys, standby[name], { port: standby.ping, path: standbyReadyPath }),
  });
  const further = edge.ports.map(({ name, port, nodePort }) => ({
    name,
    port,
    gateway: backend(gateways, nodePort),
  }));
  const own = listeners.map(({ port, nodePort }) => ({
    // No further port can have such a name.
    name: `tcp_${port}`,
    port,
    gateway: backend(gateways, nodePort, gatewayHealth),
  }));
  return [web("http"), web("https"), ...own, ...further];
}

function backend(
  hosts: readonly SiteHost[],
  nodePort: number,
  health?: EdgeBackend["health"],
): EdgeBackend {
  return {
    hosts: hosts.map(({ name, address }) => ({ host: name, address })),
    nodePort,
    ...(health !== undefined && { health }),
  };
}

/** One address is best left where it is; two are worth nothing unless each returns to a home of its own. */
function sharedAddress(
  edge: EdgeSettings,
  address: string,
  at: number,
  members: readonly SiteHost[],
): VirtualAddress {
  const turned = [...members.slice(at), ...members.slice(0, at)];
  const rank = (host: SiteHost) => turned.indexOf(host);
  // Many hosts: the last ones share the lowest priority, and VRRP decides between them by address.
  const priority = (host: SiteHost) => Math.max(10, highestPriority - priorityStep * rank(host));
  return {
    name: at === 0 ? "edge" : "edge-second",
    address,
    routerId: edge.routerId + at,
    ...(edge.interface !== undefined && { interface: edge.interface }),
    members: members.map((host) => ({
      host: host.name,
      address: host.address,
      priority: priority(host),
    })),
    moves: edge.secondAddress === undefined ? "stay" : "home",
  };
}

function withRole(hosts: readonly SiteHost[], role: SiteHost["roles"][number]) {
  return hosts.filter((host) => host.roles.includes(role));
}
