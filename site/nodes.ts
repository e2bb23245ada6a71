import type { Role, Taint } from "./blueprint-types";
import type { SiteHost } from "./schema/site";

/** Prefix of the node labels and taints that Sitewright itself sets. */
export const ownPrefix = "sitewright/";

const hostnameLabel = "kubernetes.io/hostname";
export const zoneLabel = "topology.kubernetes.io/zone";

/** Labels that a site may not state, because something else sets them. */
export const reservedLabels: readonly string[] = [hostnameLabel, zoneLabel];

/**
 * Whether a host becomes a Kubernetes node. KubeKey runs etcd and the registry beside Kubernetes, so a
 * host with nothing else stays outside the cluster.
 */
export function isNode(host: { readonly roles: readonly SiteHost["roles"][number][] }): boolean {
  return host.roles.some((role) => role !== "registry" && role !== "etcd");
}

/** Labels of a host's node: the site's, its zone, and one for each role. */
export function nodeLabels(host: SiteHost): Readonly<Record<string, string>> {
  if (!isNode(host)) return {};
  const roles = host.roles.map((role) => [`${ownPrefix}${role}`, "true"] as const);
  return {
    ...host.labels,
    ...Object.fromEntries(roles),
    ...(host.zone !== undefined && { [zoneLabel]: host.zone }),
  };
}

/**
 * Taints of a host's node: the site's, and one for each role that keeps ordinary Pods away.
 * A node with the worker role takes ordinary Pods whatever else it does.
 */
export function nodeTaints(host: SiteHost): readonly Taint[] {
  if (!isNode(host)) return [];
  const dedicated = host.roles.includes("worker") ? [] : host.roles.flatMap(dedicatedTaint);
  const stated = host.taints.map(({ key, value, effect }) => ({ key, value, effect }));
  const known = new Set(stated.map(({ key, effect }) => `${key}:${effect}`));
  return [...dedicated.filter(({ key, effect }) => !known.has(`${key}:${effect}`)), ...stated];
}

function dedicatedTaint(role: Role): readonly Taint[] {
  // kubeadm's own taint, spelled here because whoever sets a node's taints sets all of them.
  if (role === "control-plane") {
    return [{ key: "node-role.kubernetes.io/control-plane", value: "", effect: "NoSchedule" }];
  }
  if (role === "storage" || role === "edge") {
    return [{ key: `${ownPrefix}${role}`, value: "true", effect: "NoSchedule" }];
  }
  return [];
}

/** Keys of all taints of some hosts: what Pods must bear that run on each of them. */
export function taintKeys(hosts: readonly SiteHost[]): readonly string[] {
  return [...new Set(hosts.flatMap(nodeTaints).map(({ key }) => key))];
}
