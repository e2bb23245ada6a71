import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { nthAddress, parseCidr } from "../cluster/addresses";
import type { ClusterPlan, HostPlan, RegistryAuth } from "../cluster/plan";
import type { ClusterSpec } from "./config-schema";
import { clusterImages, components, defaultKubernetes } from "./versions";

/** Most hosts that one range may stand for; the real kk knows no bound. */
const longestRange = 1000;

/** `node[2:4]` as its three names; any other name, and a range that cannot be, as itself. */
export function expandRange(name: string): string[] {
  const [, prefix = "", from = "", to = ""] = /^(.*)\[(\d+):(\d+)\]/.exec(name) ?? [];
  const length = Number(to) - Number(from) + 1;
  if (to === "" || length < 1 || length > longestRange) return [name];
  return Array.from({ length }, (_, index) => `${prefix}${Number(from) + index}`);
}

/** The plan that a checked config stands for, with the defaults of the real kk. */
export function planOf(name: string, spec: ClusterSpec): ClusterPlan {
  const groups = hostGroups(spec);
  const kubernetes = normalVersion(spec.kubernetes?.version);
  const endpoint = spec.controlPlaneEndpoint ?? {};
  const [first] = groups.controlPlane;
  const address = endpoint.address || (endpoint.externalDNS ? "" : (first?.internalAddress ?? ""));
  const dnsDomain = spec.kubernetes?.dnsDomain ?? "cluster.local";
  const serviceCidr = (spec.network?.kubeServiceCIDR ?? "10.233.0.0/18").split(",")[0] ?? "";
  const domain = endpoint.domain || "lb.kubesphere.local";
  const haproxy = endpoint.internalLoadbalancer === "haproxy";
  const nodeLocalDns = spec.kubernetes?.nodelocaldns ?? true;
  return {
    name,
    kubernetes,
    clusterName: spec.kubernetes?.clusterName ?? "cluster.local",
    dnsDomain,
    endpoint: {
      domain,
      port: endpoint.port || 6443,
      address,
      loadBalancer: endpoint.internalLoadbalancer ?? "",
      externalDns: endpoint.externalDNS ?? false,
    },
    podCidr: (spec.network?.kubePodsCIDR ?? "10.233.64.0/18").split(",")[0] ?? "",
    serviceCidr,
    nodeCidrMaskSize: spec.kubernetes?.nodeCidrMaskSize ?? 24,
    maxPods: spec.kubernetes?.maxPods ?? 110,
    networkPlugin: spec.network?.plugin ?? "calico",
    nodeLocalDns,
    kubeProxy: spec.kubernetes?.disableKubeProxy !== true,
    containerManager: spec.kubernetes?.containerManager ?? "docker",
    certificateNames: [
      ...["kubernetes", "kubernetes.default", "kubernetes.default.svc"],
      `kubernetes.default.svc.${dnsDomain}`,
      ...["localhost", "127.0.0.1", domain, ...(address === "" ? [] : [address])],
      ...groups.all.flatMap((host) => [
        host.name,
        `${host.name}.${dnsDomain}`,
        host.login.address,
        host.internalAddress,
      ]),
      ...(parseCidr(serviceCidr) === undefined ? [] : [nthAddress(serviceCidr, 1)]),
      ...(spec.kubernetes?.apiserverCertExtraSans ?? []),
    ],
    extraArgs: {
      apiserver: spec.kubernetes?.apiserverArgs ?? [],
      controllerManager: spec.kubernetes?.controllerManagerArgs ?? [],
      scheduler: spec.kubernetes?.schedulerArgs ?? [],
    },
    etcd: {
      port: spec.etcd?.port ?? 2379,
      peerPort: spec.etcd?.peerPort ?? 2380,
      dataDir: spec.etcd?.dataDir ?? "/var/lib/etcd",
      version: components.etcd,
      environment: spec.etcd?.extraArgs ?? [],
    },
    registry: {
      type: spec.registry?.type === "harbor" ? "harbor" : "docker-registry",
      host: (spec.registry?.privateRegistry ?? "").split("/")[0] ?? "",
      namespaceOverride: spec.registry?.namespaceOverride ?? "",
      auths: Object.fromEntries(
        Object.entries(spec.registry?.auths ?? {}).map(([host, auth]) => [
          host,
          registryAuth(auth),
        ]),
      ),
      dataDir: spec.registry?.registryDataDir || "/mnt/registry",
    },
    system: {
      ntpServers: spec.system?.ntpServers ?? [],
      timezone: spec.system?.timezone ?? "",
      skipConfigureOs: spec.system?.skipConfigureOS ?? false,
      nodeEtcHosts: (spec.dns?.nodeEtcHosts ?? "")
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    },
    images: clusterImages(kubernetes, haproxy, nodeLocalDns),
    hosts: groups.all,
    groups,
  };
}

function registryAuth(
  auth: NonNullable<NonNullable<ClusterSpec["registry"]>["auths"]>[string],
): RegistryAuth {
  return {
    ...(auth.username === undefined ? {} : { username: auth.username }),
    ...(auth.password === undefined ? {} : { password: auth.password }),
    ...(auth.certsPath === undefined ? {} : { certsPath: auth.certsPath }),
    skipTlsVerify: auth.skipTLSVerify ?? false,
    plainHttp: auth.plainHTTP ?? false,
  };
}

function normalVersion(version: string | undefined): string {
  if (version === undefined || !/^v?\d+\.\d+\.\d+$/.test(version)) return defaultKubernetes;
  return version.startsWith("v") ? version : `v${version}`;
}

/**
 * The groups, in the order in which the real kk meets the hosts. It walks a Go map, whose order is random, so the
 * first control plane is only sure when the same host stands first in every group: this trap is kept.
 */
function hostGroups(spec: ClusterSpec): ClusterPlan["groups"] & { all: readonly HostPlan[] } {
  const byName = new Map(spec.hosts.map((host) => [host.name, hostPlan(host)]));
  const all: HostPlan[] = [];
  const members = (group: string): HostPlan[] =>
    (spec.roleGroups[group] ?? []).flatMap(expandRange).flatMap((name) => byName.get(name) ?? []);
  for (const group of shuffled(Object.keys(spec.roleGroups))) {
    for (const host of members(group)) if (!all.includes(host)) all.push(host);
  }
  const inOrder = (...groups: string[]): HostPlan[] => {
    const wanted = new Set(groups.flatMap(members));
    return all.filter((host) => wanted.has(host));
  };
  return {
    all,
    controlPlane: inOrder("master", "control-plane"),
    etcd: inOrder("etcd"),
    worker: inOrder("worker"),
    registry: inOrder("registry"),
  };
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function hostPlan(host: ClusterSpec["hosts"][number]): HostPlan {
  const address = host.address || host.internalAddress || "";
  const password = host.password;
  const privateKey = host.privateKey ?? keyText(host.privateKeyPath, password);
  return {
    name: host.name,
    internalAddress: (host.internalAddress || address).split(",")[0] ?? "",
    arch: host.arch ?? "amd64",
    labels: host.labels ?? {},
    taints: [],
    login: {
      name: host.name,
      address: address.split(",")[0] ?? "",
      port: host.port || 22,
      user: host.user || "root",
      timeoutSeconds: host.timeout || 30,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
    },
  };
}

function keyText(path: string | undefined, password: string | undefined): string | undefined {
  if (path === undefined && password !== undefined) return undefined;
  const file = (path ?? "~/.ssh/id_rsa").replace(/^~/, homedir());
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
