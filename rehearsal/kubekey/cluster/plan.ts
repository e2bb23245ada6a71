import type { Login } from "../engine/remote";

/** A host of the site as kk sees it. */
export interface HostPlan {
  readonly name: string;
  readonly login: Login;
  readonly internalAddress: string;
  /** What the config says, not what the host is. */
  readonly arch: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly {
    readonly key: string;
    readonly value: string;
    readonly effect: string;
  }[];
}

/** How to log in to a registry and whether to trust it. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly skipTlsVerify: boolean;
  readonly plainHttp: boolean;
  readonly certsPath?: string;
  /** Certificate authority; more telling than the folder of certsPath. */
  readonly caFile?: string;
}

/** The registry of the site. */
export interface RegistryPlan {
  readonly type: "harbor" | "docker-registry";
  /** Name that images carry; empty when the site has none. */
  readonly host: string;
  readonly namespaceOverride: string;
  readonly auths: Readonly<Record<string, RegistryAuth>>;
  readonly dataDir: string;
}

/** All that is needed to build a cluster, whichever kk's config it came from. */
export interface ClusterPlan {
  readonly name: string;
  /** With the leading v. */
  readonly kubernetes: string;
  /** `cluster.local`, second name of every host. */
  readonly clusterName: string;
  readonly dnsDomain: string;
  readonly endpoint: {
    readonly domain: string;
    readonly port: number;
    /** Where kk and the hosts reach the API server. */
    readonly address: string;
    readonly loadBalancer: "" | "haproxy" | "kube-vip";
    /** True: nobody writes the domain to /etc/hosts. */
    readonly externalDns: boolean;
  };
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly nodeCidrMaskSize: number;
  readonly maxPods: number;
  readonly networkPlugin: string;
  readonly nodeLocalDns: boolean;
  readonly kubeProxy: boolean;
  readonly containerManager: string;
  readonly certificateNames: readonly string[];
  readonly extraArgs: {
    readonly apiserver: readonly string[];
    readonly controllerManager: readonly string[];
    readonly scheduler: readonly string[];
  };
  readonly etcd: {
    readonly port: number;
    readonly peerPort: number;
    readonly dataDir: string;
    readonly version: string;
    /** Further lines of its environment. */
    readonly environment: readonly string[];
  };
  readonly registry: RegistryPlan;
  readonly system: {
    readonly ntpServers: readonly string[];
    readonly timezone: string;
    readonly skipConfigureOs: boolean;
    readonly nodeEtcHosts: readonly string[];
  };
  readonly images: readonly string[];
  readonly hosts: readonly HostPlan[];
  readonly groups: {
    readonly controlPlane: readonly HostPlan[];
    readonly etcd: readonly HostPlan[];
    readonly worker: readonly HostPlan[];
    readonly registry: readonly HostPlan[];
  };
}

/** Hosts that are Kubernetes nodes, control planes first. */
export function nodes(plan: ClusterPlan): HostPlan[] {
  const { controlPlane, worker } = plan.groups;
  return [...controlPlane, ...worker.filter((host) => !controlPlane.includes(host))];
}

/** The host that the control plane starts on. */
export function firstControlPlane(plan: ClusterPlan): HostPlan {
  const [first] = plan.groups.controlPlane;
  if (first === undefined) throw new Error("The number of master/control-plane cannot be 0");
  return first;
}

/** An image below the site's registry. `image` is `namespace/name:tag`. */
export function siteImage(plan: ClusterPlan, image: string): string {
  const { host, namespaceOverride } = plan.registry;
  const [, namespace = "library", name = ""] = /^(.*)\/([^/]+)$/.exec(image) ?? [];
  return `${host === "" ? "docker.io" : host}/${namespaceOverride || namespace}/${name}`;
}

/** `33` of v1.33.4. */
export function minorOf(kubernetes: string): number {
  return Number(/^v?1\.(\d+)/.exec(kubernetes)?.[1] ?? Number.NaN);
}
