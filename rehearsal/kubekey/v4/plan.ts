import { existsSync, readFileSync } from "node:fs";
import { nthAddress } from "../cluster/addresses";
import { type ClusterPlan, type HostPlan, minorOf } from "../cluster/plan";
import type { ConfigSpec, InventorySpec } from "./schema";

/** Where kk v4 keeps its binaries and keys, below `--workdir`. */
export function binaryDir(workDir: string): string {
  return `${workDir}/kubekey`;
}

function members(inventory: InventorySpec, group: string): string[] {
  return inventory.groups[group]?.hosts ?? [];
}

/** The plan that a checked inventory and config stand for, with the defaults of the real kk. */
export function planOf(
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
    etcd: {
      port: 2379,
      peerPort: 2380,
      dataDir: "/var/lib/etcd",
      version: "v3.5.25",
      environment: [],
    },
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
