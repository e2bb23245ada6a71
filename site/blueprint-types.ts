import type { ExemptionBlueprint } from "./exemptions";
import type { EdgeBlueprint, KeepalivedBlueprint } from "./platform/edge-types";
import type { RedirectBlueprint } from "./platform/ingress-types";
import type { NamespaceMesh } from "./platform/mesh-types";
import type { PlatformBlueprint } from "./platform/platform-types";
import type { HarborBlueprint, RegistryBlueprint } from "./platform/registry-types";
import type { NamespaceNetwork } from "./workload/network-types";
import type { SecretBlueprint, SharedVolumeBlueprint } from "./workload/pod-types";
import type { WorkloadBlueprint } from "./workload/workload-types";

/**
 * The words every layer below the site speaks: plain, frozen data derived from site + release + catalogue.
 * Nothing here knows Pulumi, and nothing here holds a secret: secrets appear by name only.
 */

/** How to log in to a host. Secrets are names of entries in `sitewright:secrets`. */
export interface LoginBlueprint {
  readonly user: string;
  readonly port: number;
  readonly passwordSecret?: string;
  readonly privateKeySecret?: string;
  /** What it takes to become root: already root, sudo without a password, or sudo with the login's password. */
  readonly sudo: "none" | "nopasswd" | "password";
}

/** The jump host that stands before the site's own network. */
export interface BastionBlueprint {
  readonly address: string;
  readonly login: LoginBlueprint;
}

export type Role = "control-plane" | "etcd" | "worker" | "storage" | "edge" | "registry";

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface HostBlueprint {
  readonly name: string;
  readonly address: string;
  readonly roles: readonly Role[];
  readonly arch: "amd64" | "arm64";
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly diskGiB: number;
  readonly login: LoginBlueprint;
  /** True when the host becomes a Kubernetes node (etcd and registry alone make it none). */
  readonly node: boolean;
  /** Labels of the node, the site's and ours; empty for a host that is no node. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Checks to run before anything is changed on this host. */
  readonly preflight: readonly PreflightCheck[];
}

/**
 * One thing to look at on a host before a delivery. `probe` is a line of POSIX shell that prints one value;
 * the value is compared with `needed` by `comparison` (`one-of`: a comma-separated list). Probes run as root,
 * with the operator's clock in SITEWRIGHT_NOW (seconds since 1970). Data, so that one check serves report and run.
 */
export interface PreflightCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: "blocking" | "warning";
  readonly probe: string;
  readonly comparison: "at-least" | "at-most" | "equals" | "one-of" | "empty";
  readonly needed: string;
  /** Unit of the value for the report, for example `GiB`; empty when there is none. */
  readonly unit: string;
  /** What the engineer does next when it is not met. */
  readonly remedy: string;
  /**
   * Only meaningful on a host that is not yet part of the site's cluster: what it looks for, such as a
   * used port, is there by right afterwards.
   */
  readonly freshHostOnly?: boolean;
}

/** A line of /etc/hosts that every host of the site needs. */
export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
}

export interface BaselineBlueprint {
  readonly hostsEntries: readonly HostsEntry[];
  readonly sysctl: Readonly<Record<string, string>>;
  readonly ntpServers: readonly string[];
  readonly timezone: string;
}

/** A file that travels from the operator's machine to the installer host. */
export interface FileBlueprint {
  /** Path below the bundle folder. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export type KubeKeyVersion = "v3.1.12" | "v4.0.6";
export type EndpointMode =
  | "haproxy"
  | "kube-vip"
  | "keepalived"
  | "external"
  | "first-control-plane";

export interface ClusterBlueprint {
  readonly name: string;
  readonly kubernetes: string;
  readonly kubekey: KubeKeyVersion;
  readonly endpoint: {
    readonly domain: string;
    readonly port: number;
    readonly mode: EndpointMode;
    /** Where the operator reaches the API server: VIP, load balancer or first control-plane host. */
    readonly address: string;
  };
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly networkPlugin: "calico";
  readonly maxPods: number;
  /** What kubelets keep of each container's output. Absent: what KubeKey sets by itself. */
  readonly containerLogs?: { readonly maxSizeMiB: number; readonly maxFiles: number };
  /** Host names by group; the same control-plane host stands first in every group that has one. */
  readonly groups: {
    readonly controlPlane: readonly string[];
    readonly etcd: readonly string[];
    readonly worker: readonly string[];
    readonly registry: readonly string[];
  };
  /** Extra names and addresses that the API server's certificate must carry. */
  readonly certificateNames: readonly string[];
  /** Port on which etcd's members show figures by plain HTTP; absent where nobody reads them there. */
  readonly etcdMetricsPort?: number;
  /** Month of the last wanted renewal of the control plane's certificates; absent where none was wanted yet. */
  readonly certificatesRenewed?: string;
  /** 0700 folder on the installer host that only this site's kk uses. */
  readonly workDir: string;
  /** Host that kk runs on. */
  readonly installer: string;
  /** From the bundle; absent while no bundle is there, in which case nothing can be applied. */
  readonly files?: { readonly kk: FileBlueprint; readonly artifact: FileBlueprint };
  /** Images that the cluster itself needs (calico, coredns, pause …), as their public references. */
  readonly images: readonly string[];
}

/** A namespace of the product. */
export interface NamespaceBlueprint {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent where none of its Pods has a proxy. */
  readonly mesh?: NamespaceMesh;
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
  /** Absent where it has nothing to do with the world outside. */
  readonly network?: NamespaceNetwork;
  /**
   * Who makes its workloads: `gitops` is Argo CD alone; with `hand-over` still the deployment, which would leave them
   * running. Absent: the deployment.
   */
  readonly delivery?: "hand-over" | "gitops";
}

export interface ImageUse {
  readonly image: string;
  /** The same image in the site's registry. */
  readonly siteImage: string;
  readonly neededBy: string;
}

export interface CapacityReport {
  /** Sums over schedulable nodes after overhead; cpu in millicores, memory in MiB. */
  readonly allocatable: { readonly cpuMillis: number; readonly memoryMiB: number };
  readonly withLargestNodeLost: { readonly cpuMillis: number; readonly memoryMiB: number };
  readonly requested: { readonly cpuMillis: number; readonly memoryMiB: number };
  /** What each node keeps for itself. */
  readonly overhead: { readonly cpuMillis: number; readonly memoryMiB: number };
  /** Nodes of any kind that may be lost while every Pod still finds a place. */
  readonly spareNodes: number;
}

export interface Blueprint {
  readonly site: string;
  readonly release: string;
  readonly hosts: readonly HostBlueprint[];
  readonly bastion?: BastionBlueprint;
  readonly baseline: BaselineBlueprint;
  readonly registry: RegistryBlueprint;
  readonly harbor: HarborBlueprint;
  readonly cluster: ClusterBlueprint;
  /** keepalived on the control-plane hosts, which must be there before the cluster; absent with every other endpoint. */
  readonly controlPlaneAddress?: KeepalivedBlueprint;
  /** How clients reach the cluster's ingress; absent where the site does not say. */
  readonly edge?: EdgeBlueprint;
  /** What stands between the bare cluster and the product. */
  readonly platform: PlatformBlueprint;
  readonly namespaces: readonly NamespaceBlueprint[];
  readonly workloads: readonly WorkloadBlueprint[];
  /** Volumes of the release that several workloads mount. */
  readonly sharedVolumes: readonly SharedVolumeBlueprint[];
  /** Secrets of the release, by name. */
  readonly productSecrets: readonly SecretBlueprint[];
  readonly images: readonly ImageUse[];
  readonly capacity: CapacityReport;
  /** Objects of third parties that need not keep a rule of the policy pack. */
  readonly exemptions: readonly ExemptionBlueprint[];
  /** Kubernetes client settings of the deployment. */
  readonly client: { readonly qps: number; readonly burst: number; readonly fieldManager: string };
  /** Names of the secrets that the stack must hold. */
  readonly secretNames: readonly string[];
}
