import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { nthAddress, parseCidr } from "../cluster/addresses";
import type { ClusterPlan, HostPlan, RegistryAuth } from "../cluster/plan";
import { Stop } from "../engine/stop";
import { documentFaults, type Fault, parseSpec, specFaults } from "./checks";
import type { ClusterSpec } from "./config-schema";
import { clusterImages, components, defaultKubernetes } from "./versions";

/** What a config file says, as kk's own objects. */
export interface LoadedConfig {
  readonly spec: ClusterSpec;
  readonly plan: ClusterPlan;
}

/** A message before which the real kk ends by itself, with its exit code. */
function refuse(exitCode: number, text: string): never {
  throw new Stop(exitCode, text);
}

/**
 * Reads a config as the real kk would and then some: what that would silently ignore ends the run with a line that
 * says so. @throws {Stop} with the real one's exit code: 0 for haproxy with an address, 2 where it panics.
 */
export function loadConfig(path: string): LoadedConfig {
  return readConfig(readText(path));
}

/** The same for the text of a config. */
export function readConfig(text: string): LoadedConfig {
  const document = clusterDocument(text);
  const faults: Fault[] = documentFaults(document);
  const metadata = document.metadata as { name?: unknown } | undefined;
  if (typeof metadata?.name !== "string" || metadata.name === "") {
    refuse(
      2,
      "panic: interface conversion: interface {} is nil, not map[string]interface {}\n\ngoroutine 1 [running]:",
    );
  }
  const parsed = parseSpec(document.spec);
  faults.push(...parsed.faults);
  const fatal = faults.find((fault) => !fault.ignored);
  if (fatal !== undefined) refuse(1, `error: ${fatal.text}`);
  if (parsed.spec === undefined) refuse(1, ignoredText(faults));
  const { spec } = parsed;
  refuseAsTheRealOne(spec);
  faults.push(...specFaults(spec));
  if (faults.length > 0) refuse(1, ignoredText(faults));
  return { spec, plan: planOf(metadata.name, spec) };
}

function ignoredText(faults: readonly Fault[]): string {
  return faults.map((fault) => `[rehearsal] real kk would ignore this: ${fault.text}`).join("\n");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return refuse(
      1,
      `error: unable to read the given cluster configuration file: open ${path}: no such file or directory`,
    );
  }
}

function clusterDocument(text: string): Record<string, unknown> {
  const documents = parseAllDocuments(text);
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined)
      refuse(1, `error: unable to decode the cluster configuration: ${error.message}`);
  }
  const objects = documents.map((document) => document.toJS() as unknown);
  const wanted = objects.find(
    (object) =>
      typeof object === "object" &&
      object !== null &&
      (object as { kind?: unknown }).kind !== "ConfigMap",
  );
  if (wanted === undefined) refuse(1, "error: The number of master/control-plane cannot be 0");
  return wanted as Record<string, unknown>;
}

function refuseAsTheRealOne(spec: ClusterSpec): void {
  const names = new Set(spec.hosts.map((host) => host.name));
  for (const [group, members] of Object.entries(spec.roleGroups)) {
    for (const member of members.flatMap(expandRange)) {
      if (!names.has(member))
        refuse(1, `[FATA] [${member}] is in [${group}] group, but not in hosts list`);
    }
  }
  const { master = [], "control-plane": controlPlane = [], etcd = [] } = spec.roleGroups;
  if (master.length + controlPlane.length === 0)
    refuse(1, "[FATA] The number of master/control-plane cannot be 0");
  if (etcd.length === 0 && (spec.etcd?.type ?? "kubekey") === "kubekey")
    refuse(1, "[FATA] The number of etcd cannot be 0");
  if (
    spec.controlPlaneEndpoint?.internalLoadbalancer === "haproxy" &&
    spec.controlPlaneEndpoint.address
  ) {
    refuse(
      0,
      "\nYou cannot set up the internal load balancer and the LB address at the same time.",
    );
  }
  if (spec.kubernetes?.audit?.enabled === true && spec.kubernetes.autoRenewCerts === undefined) {
    refuse(
      2,
      "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 1 [running]:",
    );
  }
}

/** `node[2:4]` as its three names; any other name as itself. */
export function expandRange(name: string): string[] {
  const match = /^(.*)\[(\d+):(\d+)\]/.exec(name);
  if (match === null) return [name];
  const [, prefix = "", from = "0", to = "0"] = match;
  return Array.from(
    { length: Number(to) - Number(from) + 1 },
    (_, index) => `${prefix}${Number(from) + index}`,
  );
}

function planOf(name: string, spec: ClusterSpec): ClusterPlan {
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

/** The work directory: beside the kk executable, wherever kk is called from. */
export function workDirOf(executable: string): string {
  return join(executable, "..", "kubekey");
}
