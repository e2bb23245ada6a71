import type { z } from "zod";
import { contains, isNetworkAddress, overlap, parseNetwork } from "../../../site/network";

/** A schema's findings, one line each: where, and what is needed there. */
export function schemaProblems(file: string, error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    const at = issue.path.map(String).join(".") || "(top)";
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `${file}: ${at}: kk does not know the key ${key}`);
    }
    return [`${file}: ${at}: ${issue.message}`];
  });
}

/** The same text twice in a list. */
export function duplicates(what: string, values: readonly string[]): string[] {
  const again = values.filter((value, index) => values.indexOf(value) !== index);
  return [...new Set(again)].map((value) => `${what} ${value} is given twice`);
}

/** Networks that are none, that overlap, or that hold a host. */
export function networkProblems(
  pods: string,
  services: string,
  hosts: readonly { readonly name: string; readonly address: string }[],
): string[] {
  const found: string[] = [];
  for (const [what, cidr] of [
    ["pod network", pods],
    ["service network", services],
  ] as const) {
    const network = parseNetwork(cidr);
    if (!network || !isNetworkAddress(cidr)) {
      found.push(`${what} ${cidr} is no network`);
      continue;
    }
    for (const host of hosts) {
      if (contains(network, host.address)) {
        found.push(`host ${host.name} (${host.address}) lies in the ${what} ${cidr}`);
      }
    }
  }
  const [one, other] = [parseNetwork(pods), parseNetwork(services)];
  if (one && other && overlap(one, other)) {
    found.push(`pod network ${pods} and service network ${services} overlap`);
  }
  return found;
}

/** Groups that name nobody known, the registry in the cluster, even etcd, or disagree on who is first. */
export function groupProblems(
  hosts: readonly string[],
  groups: {
    readonly controlPlane: readonly string[];
    readonly etcd: readonly string[];
    readonly worker: readonly string[];
    readonly registry: readonly string[];
  },
): string[] {
  const found: string[] = [];
  const all = Object.entries(groups);
  for (const [group, names] of all) {
    found.push(...duplicates(`group ${group}: host`, names));
    for (const name of names) {
      if (!hosts.includes(name)) found.push(`group ${group} names ${name}, which is no host`);
    }
  }
  const used = new Set(all.flatMap(([, names]) => names));
  for (const name of hosts) {
    if (!used.has(name)) found.push(`host ${name} is in no group; kk would drop it silently`);
  }
  if (groups.etcd.length % 2 === 0) {
    found.push(`etcd needs an odd number of members, ${groups.etcd.length} given`);
  }
  const members = new Set([...groups.controlPlane, ...groups.etcd, ...groups.worker]);
  for (const name of groups.registry) {
    if (members.has(name)) {
      found.push(
        `registry host ${name} must not be a node: Docker's containerd would be taken as the cluster's`,
      );
    }
  }
  const first = groups.controlPlane[0];
  for (const group of ["etcd", "worker"] as const) {
    const leader = groups[group].find((name) => groups.controlPlane.includes(name));
    if (leader !== undefined && (leader !== first || groups[group][0] !== first)) {
      found.push(
        `group ${group} must begin with ${first}: kk takes "the first control plane" from any group`,
      );
    }
  }
  return found;
}
