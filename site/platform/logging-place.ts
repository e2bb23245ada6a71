import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { WayOut } from "../schema/workload-network";
import { nothing } from "./tenancy-network";
import type { TrafficRule } from "./tenancy-types";

/** Where logs are collected, and how Pods of the product that send files themselves get there. */

export const loggingNamespace = "logging";

/** The site's own store, and its pages. */
export const logStore = { service: "elasticsearch", port: 9200 };
export const logPages = { service: "kibana", port: 5601 };

/** Host name of the store for Pods and nodes. */
export const logStoreHost = `${logStore.service}.${loggingNamespace}.svc`;

/** A server of the output, apart from its port. */
export interface LogServer {
  readonly host: string;
  readonly port: number;
}

/** The outside servers that logs go to; empty where the site has none, or has its own store. */
export function logServers({ logging }: Pick<Site, "logging">): readonly LogServer[] {
  const { elasticsearch, logstash, kafka } = logging?.output ?? {};
  return (elasticsearch ?? logstash ?? kafka)?.hosts.map(serverOf) ?? [];
}

export function serverOf(server: string): LogServer {
  const at = server.lastIndexOf(":");
  return { host: server.slice(0, at), port: Number(server.slice(at + 1)) };
}

/** Namespaces of the release with workloads that write log files, by name. */
export function logNamespaces({ workloads }: Pick<Release, "workloads">): readonly string[] {
  const users = Object.values(workloads).filter(({ logs }) => logs.files.length > 0);
  return [...new Set(users.map(({ namespace }) => namespace))].sort();
}

/** Outside servers that Pods of a namespace send log files to, as ways out. */
export function logWaysOut(
  site: Pick<Site, "logging">,
  release: Pick<Release, "workloads">,
  namespace: string,
): readonly WayOut[] {
  if (!logNamespaces(release).includes(namespace)) return [];
  return logServers(site).map(({ host, port }) => {
    const ports = [{ port, protocol: "tcp" as const }];
    return isAddress(host) ? { cidr: `${host}/32`, ports } : { domain: host, ports };
  });
}

/** Lets Pods of a namespace reach the site's own store; empty where none of them must. */
export function logStoreEgress(
  { logging }: Pick<Site, "logging">,
  release: Pick<Release, "workloads">,
  namespace: string,
): readonly TrafficRule[] {
  if (logging?.inSite === undefined || !logNamespaces(release).includes(namespace)) return [];
  const ports = [{ port: logStore.port, protocol: "TCP" as const }];
  return [{ ...nothing, namespaces: [loggingNamespace], ports }];
}

function isAddress(host: string): boolean {
  return /^[0-9.]+$/.test(host);
}
