import { isIPv4 } from "node:net";
import type { z } from "zod";
import { cidrHolds, cidrsOverlap, parseCidr } from "../cluster/addresses";
import { type ClusterSpec, clusterSpec } from "./config-schema";

/** What is wrong with a config. `ignored`: the real kk would go on as if nothing were. */
export interface Fault {
  readonly ignored: boolean;
  readonly text: string;
}

const hostName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Faults of the object around the spec, which the real kk hardly looks at. */
export function documentFaults(document: Readonly<Record<string, unknown>>): Fault[] {
  const faults: Fault[] = [];
  const expected = { apiVersion: "kubekey.kubesphere.io/v1alpha2", kind: "Cluster" };
  for (const [key, value] of Object.entries(expected)) {
    if (document[key] !== value) {
      faults.push(ignored(`${key} must be ${value}, got ${JSON.stringify(document[key])}`));
    }
  }
  for (const key of Object.keys(document)) {
    if (!["apiVersion", "kind", "metadata", "spec", "status"].includes(key)) {
      faults.push(ignored(`unknown key ${key}`));
    }
  }
  return faults;
}

/** Reads a spec; unknown keys are silent in the real kk, wrong types are not. */
export function parseSpec(value: unknown): { spec?: ClusterSpec; faults: Fault[] } {
  const result = clusterSpec.safeParse(value);
  if (result.success) return { spec: result.data, faults: [] };
  return { faults: result.error.issues.flatMap(issueFaults) };
}

function issueFaults(issue: z.core.$ZodIssue): Fault[] {
  const at = ["spec", ...issue.path].join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ignored(`unknown key ${at}.${key}`));
  }
  if (issue.code === "invalid_value") {
    return [ignored(`${at} must be one of ${issue.values.map(String).join(", ")}`)];
  }
  return [{ ignored: false, text: `error unmarshaling JSON: ${at}: ${issue.message}` }];
}

/** Faults that the types do not show. */
export function specFaults(spec: ClusterSpec): Fault[] {
  return [...hostFaults(spec), ...groupFaults(spec), ...networkFaults(spec), ...otherFaults(spec)];
}

function hostFaults(spec: ClusterSpec): Fault[] {
  const faults: Fault[] = [];
  const seen = { name: new Set<string>(), address: new Set<string>() };
  for (const host of spec.hosts) {
    const address = host.internalAddress ?? host.address ?? "";
    for (const [what, value] of [
      ["name", host.name],
      ["address", address],
    ] as const) {
      if (seen[what].has(value)) faults.push(ignored(`two hosts have the ${what} ${value}`));
      seen[what].add(value);
    }
    if (!hostName.test(host.name))
      faults.push(ignored(`host name ${host.name} is not RFC 1123 lower case`));
    for (const each of address.split(",").slice(0, 1)) {
      if (!isIPv4(each))
        faults.push(ignored(`host ${host.name}: ${JSON.stringify(each)} is no IPv4 address`));
    }
    if (host.arch !== undefined && !["amd64", "arm64"].includes(host.arch)) {
      faults.push(ignored(`host ${host.name}: arch must be amd64 or arm64, got ${host.arch}`));
    }
    if (/[\s"'`$\\]/.test(host.password ?? "")) {
      faults.push(ignored(`host ${host.name}: the password would be broken by kk's shell quoting`));
    }
  }
  return faults;
}

function groupFaults(spec: ClusterSpec): Fault[] {
  const faults: Fault[] = [];
  const named = new Set(Object.values(spec.roleGroups).flat());
  const ranges = [...named].some((name) => name.includes("["));
  for (const host of spec.hosts) {
    if (!ranges && !named.has(host.name)) faults.push(ignored(`host ${host.name} is in no group`));
  }
  for (const [group, members] of Object.entries(spec.roleGroups)) {
    if (new Set(members).size !== members.length)
      faults.push(ignored(`group ${group} names a host twice`));
  }
  const etcd = spec.roleGroups.etcd ?? [];
  if ((spec.etcd?.type ?? "kubekey") === "kubekey" && etcd.length > 0 && etcd.length % 2 === 0) {
    faults.push(ignored(`etcd needs an odd number of members, got ${etcd.length}`));
  }
  if (spec.roleGroups.master !== undefined && spec.roleGroups["control-plane"] !== undefined) {
    faults.push(ignored("both roleGroups.master and roleGroups.control-plane are given"));
  }
  return faults;
}

function networkFaults(spec: ClusterSpec): Fault[] {
  const faults: Fault[] = [];
  const pods = spec.network?.kubePodsCIDR ?? "10.233.64.0/18";
  const services = spec.network?.kubeServiceCIDR ?? "10.233.0.0/18";
  for (const [key, cidr] of Object.entries({ kubePodsCIDR: pods, kubeServiceCIDR: services })) {
    for (const each of cidr.split(",").slice(0, 1)) {
      if (parseCidr(each) === undefined) {
        faults.push(ignored(`spec.network.${key}: ${JSON.stringify(each)} is no subnet`));
      }
    }
  }
  if (cidrsOverlap(pods, services)) faults.push(ignored(`${pods} and ${services} overlap`));
  for (const host of spec.hosts) {
    const address = host.internalAddress ?? host.address ?? "";
    for (const cidr of [pods, services]) {
      if (cidrHolds(cidr, address))
        faults.push(ignored(`host ${host.name}: ${address} is inside ${cidr}`));
    }
  }
  return faults;
}

function otherFaults(spec: ClusterSpec): Fault[] {
  const faults: Fault[] = [];
  const endpoint = spec.controlPlaneEndpoint;
  const masters = new Set([
    ...(spec.roleGroups.master ?? []),
    ...(spec.roleGroups["control-plane"] ?? []),
  ]);
  if (endpoint?.internalLoadbalancer === "kube-vip" && !endpoint.address) {
    faults.push(ignored("kube-vip needs controlPlaneEndpoint.address"));
  }
  if (
    masters.size > 1 &&
    !endpoint?.internalLoadbalancer &&
    !endpoint?.address &&
    endpoint?.externalDNS !== true
  ) {
    faults.push(ignored("several control planes need a load balancer, an address or haproxy"));
  }
  if (
    spec.kubernetes?.version !== undefined &&
    !/^v?\d+\.\d+\.\d+$/.test(spec.kubernetes.version)
  ) {
    faults.push(
      ignored(`version ${spec.kubernetes.version} cannot be parsed and becomes v1.23.17`),
    );
  }
  if (
    spec.registry?.type !== undefined &&
    !["harbor", "docker-registry"].includes(spec.registry.type)
  ) {
    faults.push(
      ignored(`spec.registry.type must be harbor or docker-registry, got ${spec.registry.type}`),
    );
  }
  if (spec.kubernetes?.audit?.enabled === true && spec.kubernetes.autoRenewCerts !== true) {
    faults.push(ignored("audit needs autoRenewCerts: true"));
  }
  return faults;
}

function ignored(text: string): Fault {
  return { ignored: true, text };
}
