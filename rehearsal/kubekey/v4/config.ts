import { existsSync, readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { cidrHolds, cidrsOverlap, nthAddress, parseCidr } from "../cluster/addresses";
import { type ClusterPlan, type HostPlan, minorOf } from "../cluster/plan";
import { Stop } from "../engine/stop";
import { type ConfigSpec, configSpec, type InventorySpec, inventorySpec } from "./schema";

/** An inventory and a config as kk v4 was given them. */
export interface LoadedFiles {
  readonly plan: ClusterPlan;
  readonly inventory: unknown;
  readonly config: unknown;
}

/** Where kk v4 keeps its binaries and keys, below `--workdir`. */
export function binaryDir(workDir: string): string {
  return `${workDir}/kubekey`;
}

/** Reads both files and checks them as strictly as the real one should. @throws {Stop} 1 with every fault. */
export function loadFiles(inventoryPath: string, configPath: string, workDir: string): LoadedFiles {
  return readFiles(text(inventoryPath, "inventory"), text(configPath, "config"), workDir);
}

/** The same for the texts of the files. */
export function readFiles(inventoryText: string, configText: string, workDir: string): LoadedFiles {
  const faults: string[] = [];
  const inventory = document(inventoryText, "Inventory", faults);
  const config = document(configText, "Config", faults);
  const hosts = shaped(inventorySpec, inventory.spec, "Inventory", faults);
  const spec = shaped(configSpec, config.spec, "Config", faults);
  if (hosts !== undefined && spec !== undefined) faults.push(...specFaults(hosts, spec));
  if (faults.length > 0 || hosts === undefined || spec === undefined) {
    throw new Stop(
      1,
      faults.map((fault) => `[rehearsal] real kk would ignore this: ${fault}`).join("\n"),
    );
  }
  const name = (config.metadata as { name?: string } | undefined)?.name ?? "default";
  return { plan: planOf(name, hosts, spec, workDir), inventory, config };
}

function text(path: string, what: string): string {
  if (path === "" || !existsSync(path))
    throw new Stop(
      1,
      `Error: failed to get ${what} from file "${path}": open ${path}: no such file or directory`,
    );
  return readFileSync(path, "utf8");
}

function document(source: string, kind: string, faults: string[]): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(source);
  } catch (error) {
    throw new Stop(
      1,
      `Error: failed to unmarshal ${kind}: ${error instanceof YAMLParseError ? error.message : String(error)}`,
    );
  }
  const object = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (object.apiVersion !== "kubekey.kubesphere.io/v1")
    faults.push(`${kind}.apiVersion must be kubekey.kubesphere.io/v1`);
  if (object.kind !== kind) faults.push(`${kind}: kind is ${JSON.stringify(object.kind)}`);
  return object;
}

function shaped<T>(
  schema: z.ZodType<T>,
  value: unknown,
  kind: string,
  faults: string[],
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const at = [kind, "spec", ...issue.path].join(".");
    if (issue.code === "unrecognized_keys")
      faults.push(...issue.keys.map((key) => `unknown key ${at}.${key}`));
    else faults.push(`${at}: ${issue.message}`);
  }
  return undefined;
}

function members(inventory: InventorySpec, group: string): string[] {
  return inventory.groups[group]?.hosts ?? [];
}

function specFaults(inventory: InventorySpec, config: ConfigSpec): string[] {
  const faults: string[] = [];
  for (const [group, { hosts = [] }] of Object.entries(inventory.groups)) {
    for (const host of hosts)
      if (inventory.hosts[host] === undefined)
        faults.push(`group ${group} names the unknown host ${host}`);
  }
  const pods = config.cni?.pod_cidr ?? "10.233.64.0/18";
  const services = config.cni?.service_cidr ?? "10.233.0.0/18";
  for (const cidr of [pods, services])
    if (parseCidr(cidr) === undefined) faults.push(`${cidr} is no subnet`);
  if (cidrsOverlap(pods, services)) faults.push(`${pods} and ${services} overlap`);
  const seen = new Set<string>();
  for (const [name, host] of Object.entries(inventory.hosts)) {
    const address = host.internal_ipv4 ?? host.connector.host ?? "";
    if (host.connector.type !== "ssh")
      faults.push(`host ${name}: without connector.type ssh it may run on the installer itself`);
    if (seen.has(address)) faults.push(`two hosts have the address ${address}`);
    seen.add(address);
    for (const cidr of [pods, services])
      if (cidrHolds(cidr, address)) faults.push(`host ${name}: ${address} is inside ${cidr}`);
  }
  const timezone = config.native?.timezone;
  if (timezone === undefined) faults.push("native.timezone is not set and becomes Asia/Shanghai");
  if (config.native?.ntp?.enabled !== false && config.native?.ntp?.servers === undefined) {
    faults.push("native.ntp.servers is not set and becomes cn.pool.ntp.org");
  }
  return faults;
}

function planOf(
  name: string,
  inventory: InventorySpec,
  config: ConfigSpec,
  workDir: string,
): ClusterPlan {
  const labels = config.kubernetes?.custom_labels ?? {};
  const hosts = new Map(
    Object.entries(inventory.hosts).map(([host, value]) => [host, hostPlan(host, value, labels)]),
  );
  const group = (key: string) => members(inventory, key).flatMap((host) => hosts.get(host) ?? []);
  const groups = {
    controlPlane: group("kube_control_plane"),
    etcd: group("etcd"),
    worker: group("kube_worker"),
    registry: group("image_registry"),
  };
  const kubernetes = config.kubernetes?.kube_version ?? "v1.34.3";
  const endpoint = config.kubernetes?.control_plane_endpoint ?? {};
  const type = endpoint.type ?? "local";
  const first = groups.controlPlane[0]?.internalAddress ?? "";
  const address =
    (type === "kube-vip" ? endpoint.kube_vip?.address : endpoint.local?.address) || first;
  const domain = endpoint.host ?? "lb.kubesphere.local";
  const serviceCidr = config.cni?.service_cidr ?? "10.233.0.0/18";
  const auth = config.image_registry?.auth ?? {};
  const registryHost = (auth.registry ?? "").split("/")[0] ?? "";
  return {
    name: config.kubernetes?.cluster_name ?? name,
    kubernetes: kubernetes.startsWith("v") ? kubernetes : `v${kubernetes}`,
    clusterName: "cluster.local",
    dnsDomain: "cluster.local",
    endpoint: {
      domain,
      port: endpoint.port ?? 6443,
      address,
      loadBalancer: type === "local" ? "" : type,
      externalDns: false,
    },
    podCidr: config.cni?.pod_cidr ?? "10.233.64.0/18",
    serviceCidr,
    nodeCidrMaskSize: config.cni?.ipv4_mask_size ?? 24,
    maxPods: config.kubernetes?.kubelet?.max_pods ?? 110,
    networkPlugin: config.cni?.type ?? "calico",
    nodeLocalDns: true,
    kubeProxy: config.kubernetes?.kube_proxy?.enabled ?? true,
    containerManager: config.cri?.container_manager ?? "containerd",
    certificateNames: [
      ...[
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
      ],
      ...["localhost", "127.0.0.1", domain, address],
      ...[...hosts.values()].flatMap((host) => [
        host.name,
        `${host.name}.cluster.local`,
        host.internalAddress,
      ]),
      nthAddress(serviceCidr, 1),
      ...(config.kubernetes?.apiserver?.certSANs ?? []),
    ].filter((each) => each !== ""),
    extraArgs: {
      apiserver: argumentsOf(config.kubernetes?.apiserver?.extra_args),
      controllerManager: argumentsOf(config.kubernetes?.controller_manager?.extra_args),
      scheduler: argumentsOf(config.kubernetes?.scheduler?.extra_args),
    },
    etcd: { port: 2379, peerPort: 2380, dataDir: "/var/lib/etcd", version: "v3.5.25" },
    registry: {
      type: config.image_registry?.type === "harbor" ? "harbor" : "docker-registry",
      host: registryHost,
      namespaceOverride: "",
      auths: {
        [registryHost]: {
          ...(auth.username === undefined ? {} : { username: auth.username }),
          ...(auth.password === undefined ? {} : { password: auth.password }),
          skipTlsVerify: auth.skip_tls_verify ?? false,
          plainHttp: auth.plain_http ?? false,
          caFile: auth.ca_file ?? `${binaryDir(workDir)}/pki/root.crt`,
        },
      },
      dataDir: "/mnt/registry",
    },
    system: {
      ntpServers: config.native?.ntp?.enabled === false ? [] : (config.native?.ntp?.servers ?? []),
      timezone: config.native?.timezone ?? "Asia/Shanghai",
      skipConfigureOs: false,
      nodeEtcHosts: [],
    },
    images: v4Images(kubernetes, type === "haproxy"),
    hosts: [...hosts.values()],
    groups,
  };
}

/** Images that kk v4.0.6 pulls, as far as the stand-in looks for them. */
function v4Images(kubernetes: string, haproxy: boolean): string[] {
  const tag = kubernetes.startsWith("v") ? kubernetes : `v${kubernetes}`;
  return [
    ...["apiserver", "controller-manager", "scheduler", "proxy"].map(
      (part) => `kubesphere/kube-${part}:${tag}`,
    ),
    ...[
      "kubesphere/pause:3.9",
      "kubesphere/k8s-dns-node-cache:1.24.0",
      "kubesphere/coredns:v1.12.1",
    ],
    ...["cni", "node", "kube-controllers"].map((part) => `calico/${part}:v3.28.2`),
    ...(haproxy ? ["library/haproxy:2.9.6-alpine"] : []),
  ];
}

function argumentsOf(extra: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.entries(extra ?? {}).map(([key, value]) => `${key}=${String(value)}`);
}

function hostPlan(
  name: string,
  host: InventorySpec["hosts"][string],
  labels: Readonly<Record<string, string>>,
): HostPlan {
  const { connector } = host;
  const address = connector.host ?? name;
  const key = connector.private_key_content ?? keyFile(connector.private_key);
  const own = host as { custom_labels?: Record<string, string>; custom_taints?: string[] };
  return {
    name,
    internalAddress: host.internal_ipv4 ?? address,
    arch: "detected",
    labels: { ...labels, ...own.custom_labels },
    taints: (own.custom_taints ?? []).map(taint),
    login: {
      name,
      address,
      port: connector.port ?? 22,
      user: connector.user ?? "root",
      timeoutSeconds: 30,
      ...(connector.password === undefined ? {} : { password: connector.password }),
      ...(key === undefined ? {} : { privateKey: key }),
    },
  };
}

function taint(text: string): { key: string; value: string; effect: string } {
  const [keyValue = "", effect = "NoSchedule"] = text.split(":");
  const [key = "", value = ""] = keyValue.split("=");
  return { key, value, effect };
}

function keyFile(path: string | undefined): string | undefined {
  return path !== undefined && existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** True for minors that kk v4.0.6 has defaults for. */
export function knownMinor(kubernetes: string): boolean {
  const minor = minorOf(kubernetes);
  return minor >= 23 && minor <= 34;
}
