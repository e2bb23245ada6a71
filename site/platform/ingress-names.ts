import type { Site } from "../schema/site";
import { nodePorts } from "./node-ports";
import { workers } from "./replicas";

/** What names workloads have, and on which ports clients reach them. */

type NamesInput = Pick<Site, "ingress" | "edge" | "hosts">;
type PortsInput = Pick<Site, "edge" | "mesh">;

/** Address that clients use: the edge's, else the first worker's. */
export function clientAddress({ edge, hosts }: Omit<NamesInput, "ingress">): string {
  return edge?.address ?? workers(hosts)[0]?.address ?? "";
}

/** What follows a workload's own part of its name; undefined where the site gives no names. */
export function nameSuffix(site: NamesInput, product: string): string | undefined {
  const { ingress } = site;
  if (ingress?.domain !== undefined) return ingress.domain;
  return ingress?.nipIo ? `${product}.${clientAddress(site)}.nip.io` : undefined;
}

/** A host name in full: one without a dot is continued by the site's domain. */
export function fullHost(host: string, suffix: string): string {
  return host.includes(".") ? host : `${host}.${suffix}`;
}

/** Whether a certificate for every name below a suffix serves this one; it holds for one further label only. */
export function covered(host: string, suffix: string): boolean {
  const [, ...rest] = host.split(".");
  return host === suffix || rest.join(".") === suffix;
}

/**
 * Whether nodes without a Pod of whoever serves turn clients away (`Local`) or lead them to another node (`Cluster`).
 * Only a balancer that asks which nodes are ready can do with the first, which keeps the clients' addresses.
 */
export function trafficPolicy({ edge }: Pick<Site, "edge">): "Local" | "Cluster" {
  return edge === undefined ? "Cluster" : "Local";
}

/** Ports that clients use: the edge's, else those of the nodes on which whoever stands first listens. */
export function clientPorts({ edge, mesh }: PortsInput): {
  readonly http: number;
  readonly https: number;
} {
  if (edge !== undefined) return { http: edge.http, https: edge.https };
  const { http, https } = mesh === undefined ? nodePorts.standby : nodePorts.gateway;
  return { http, https };
}
