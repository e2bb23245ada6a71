import type { EndpointMode, Role } from "../blueprint-types";
import type { Release } from "../schema/release";
import type { Site, SiteHost } from "../schema/site";
import { beatPorts, beatScrapes } from "./beat-figures";
import { proxyMonitorPort } from "./edge";
import { etcdMetricsPort } from "./monitoring-place";
import { gatewayListeners } from "./routes";

/** Ports that something of ours listens on at hosts, each with who does. */

export type UsedPort = readonly [number, string];

/** On every node. The API server also listens on the loopback interface of those without the control plane. */
export function nodeHostPorts({
  cluster,
}: {
  readonly cluster: { readonly endpoint: { readonly mode: EndpointMode } };
}): readonly UsedPort[] {
  return [
    [proxyMonitorPort, "the proxy's own monitor"],
    [10250, "the kubelet"],
    [10248, "the kubelet"],
    [10249, "kube-proxy"],
    [10256, "kube-proxy"],
    [179, "Calico"],
    [9099, "Calico"],
    [6443, "the API server"],
    ...(cluster.endpoint.mode === "haproxy" ? [[8081, "KubeKey's own haproxy"] as const] : []),
  ];
}

/** On a node of these roles, besides. */
export function roleHostPorts(roles: readonly Role[]): readonly UsedPort[] {
  return [
    ...(roles.includes("control-plane") ? controlPlanePorts : []),
    ...(roles.includes("etcd") ? etcdPorts : []),
  ];
}

/** The port of a host's SSH server. */
export function sshPort({ access }: Pick<Site, "access">, host: SiteHost): UsedPort {
  return [host.port ?? access.port, `the SSH server of ${host.name}`];
}

/** Everything on one node, so that no Pod asks for it. */
export function usedHostPorts(
  site: Site,
  release: Release,
  host: SiteHost,
): ReadonlyMap<number, string> {
  return new Map<number, string>([
    ...nodeHostPorts(site),
    sshPort(site, host),
    ...(site.mesh === undefined ? [] : meshPorts),
    ...(site.logging === undefined ? [] : filebeatPorts),
    ...(site.logging?.metricbeat === true ? metricbeatPorts : []),
    ...roleHostPorts(host.roles),
    ...(site.monitoring === undefined ? [] : monitoringPorts),
    ...(host.roles.includes("edge") ? edgePorts(site, release) : []),
  ]);
}

const controlPlanePorts: readonly UsedPort[] = [
  [10257, "the controller manager"],
  [10259, "the scheduler"],
];

const etcdPorts: readonly UsedPort[] = [
  [2379, "etcd"],
  [2380, "etcd"],
];

/** Figures of every node, and of etcd's members. */
const monitoringPorts: readonly UsedPort[] = [
  [9100, "node exporter"],
  [etcdMetricsPort, "etcd's figures"],
];

const filebeatPorts: readonly UsedPort[] = [
  [beatPorts.filebeat, "Filebeat"],
  [beatScrapes.filebeat.port, "Filebeat's figures"],
];

const metricbeatPorts: readonly UsedPort[] = [
  [beatPorts.metricbeat, "Metricbeat"],
  [beatScrapes.metricbeat.port, "Metricbeat's figures"],
];

/** Of the network plugin on every node. */
const meshPorts: readonly UsedPort[] = [[15_014, "the mesh's network plugin"]];

function edgePorts(site: Site, release: Release): readonly UsedPort[] {
  const { edge } = site;
  if (edge?.mode !== "keepalived") return [];
  return [
    [edge.http, "the edge's HTTP"],
    [edge.https, "the edge's HTTPS"],
    [edge.stats.port, "the edge's figures"],
    ...edge.ports.map(({ name, port }) => [port, `port ${name} of the edge`] as const),
    ...gatewayListeners(site, release).map(
      ({ port }) => [port, "the gateway, by way of the edge"] as const,
    ),
  ];
}
