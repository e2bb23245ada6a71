import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { WayOut } from "../schema/workload-network";
import { networksOf, placeOf, usersOf } from "../workload/externals";
import { openOnNodes, portProtocol, sitePorts, transport } from "../workload/ports";
import { isListed, wayProtocol, waysOut } from "../workload/ways-out";
import { centreEgress } from "./config-centre-place";
import { logStoreEgress, logWaysOut } from "./logging-place";
import { apiServerPort, apiServers, nodeDnsCache, nothing } from "./tenancy-network";
import type { PolicyBlueprint, TrafficRule } from "./tenancy-types";
import { traceEgress } from "./tracing-clients";

/** Policies that follow from what the release says: ports that are open on nodes, and ways out of the cluster. */

/** What a namespace needs where everything is closed that nothing opens, by namespace. */
export function productPolicies(
  site: Site,
  release: Release,
): ReadonlyMap<string, readonly PolicyBlueprint[]> {
  return new Map(
    Object.keys(release.namespaces).map((namespace) => {
      const out = outwards(site, release, namespace);
      return [
        namespace,
        [
          ...fromOutside(site, release, namespace),
          ...(out.length > 0 ? [{ name: "ways-out", ingress: [], egress: out }] : []),
        ],
      ];
    }),
  );
}

/** Closes a listed namespace's other ways out, at a site where nothing else is closed; undefined without a list. */
export function listPolicy(
  site: Site,
  release: Release,
  namespace: string,
): PolicyBlueprint | undefined {
  if (site.tenancy !== undefined || !isListed(site, release, namespace)) return undefined;
  return {
    name: "ways-out",
    only: "egress",
    ingress: [],
    egress: [
      // The cluster's own Pods, its DNS among them, wherever that answers, and its API.
      { ...nothing, anyPods: true },
      { ...nothing, cidrs: [nodeDnsCache], ports: tcpAndUdp(53) },
      { ...nothing, cidrs: apiServers(site), ports: [{ port: apiServerPort, protocol: "TCP" }] },
      ...outwards(site, release, namespace),
    ],
  };
}

/** Clients of nodes' ports come from anywhere, and by way of another node from the Pods' own network. */
function fromOutside(site: Site, release: Release, namespace: string): readonly PolicyBlueprint[] {
  return Object.entries(release.workloads)
    .filter(([, workload]) => workload.namespace === namespace)
    .flatMap(([name, workload]) => {
      const ports = sitePorts(site, name, workload)
        .filter(openOnNodes)
        .map(({ port, protocol }) => ({ port, protocol: transport(protocol) }));
      if (ports.length === 0) return [];
      const ingress = [{ ...nothing, cidrs: ["0.0.0.0/0"], ports }];
      return [{ name: `nodes-to-${name}`, workload: name, ingress, egress: [] }];
    });
}

function outwards(site: Site, release: Release, namespace: string): readonly TrafficRule[] {
  const externals = Object.entries(release.externals)
    .filter(([, external]) => usersOf(external).includes(namespace))
    .flatMap(([name, external]) => {
      const cidrs = networksOf(placeOf(site, name, external) ?? {});
      const ports = external.ports.map((port) => ({
        port: port.port,
        protocol: transport(portProtocol(port)),
      }));
      return cidrs.length === 0 ? [] : [{ ...nothing, cidrs, ports }];
    });
  return [
    ...externals,
    ...[...waysOut(site, release, namespace), ...logWaysOut(site, release, namespace)].map((way) =>
      wayRule(way, site),
    ),
    ...logStoreEgress(site, release, namespace),
    ...centreEgress(site, release, namespace),
    ...traceEgress(site, release, namespace),
  ];
}

/** For a name the network is open, and the proxies hold connections to it. */
function wayRule({ cidr, ports }: WayOut, { cluster }: Site): TrafficRule {
  const opened = ports.map((port) => ({
    port: port.port,
    protocol: transport(wayProtocol(port)),
  }));
  return cidr === undefined
    ? {
        ...nothing,
        cidrs: ["0.0.0.0/0"],
        except: [cluster.podCidr, cluster.serviceCidr],
        ports: opened,
      }
    : { ...nothing, cidrs: [cidr], ports: opened };
}

function tcpAndUdp(port: number): TrafficRule["ports"] {
  return [
    { port, protocol: "UDP" },
    { port, protocol: "TCP" },
  ];
}
