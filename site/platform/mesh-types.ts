import type { Resources } from "../pod-types";
import type { GatewayListener } from "./ingress-types";
import type { PlatformPart } from "./part-types";

export interface MeshBlueprint extends PlatformPart {
  readonly mode: "sidecar" | "ambient";
  readonly namespace: string;
  /** Version of Istio as a name: `1-30-3`. Control planes of two versions can run side by side. */
  readonly revision: string;
  /** Name that namespaces follow; it leads to one revision at a time. */
  readonly tag: string;
  /** Where the injector takes the images of proxies from; it puts their names together itself. */
  readonly hub: string;
  readonly version: string;
  /** Names of the definitions that the chart must leave alone. */
  readonly definitions: readonly string[];
  readonly clusterDomain: string;
  readonly controlPlane: { readonly replicas: number; readonly resources: Resources };
  readonly nodeResources: { readonly cni: Resources; readonly ztunnel: Resources };
  readonly proxy: Resources;
  readonly gateway: GatewayBlueprint;
  readonly mtls: "permissive" | "strict";
  /** Keys of each line of the access log, and what Envoy puts there. */
  readonly accessLog: Readonly<Record<string, string>>;
  readonly tracing?: {
    readonly provider: "zipkin" | "opentelemetry" | "skywalking";
    /** Full name of the Service. */
    readonly service: string;
    readonly port: number;
    readonly samplingPercent: number;
  };
}

/** The mesh's way in. */
export interface GatewayBlueprint {
  readonly name: string;
  readonly namespace: string;
  /** A DaemonSet has one Pod on each of its hosts; a Deployment as many as `replicas`, no two on one host. */
  readonly kind: "DaemonSet" | "Deployment";
  readonly replicas: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Keys of taints that its Pods bear. */
  readonly tolerates: readonly string[];
  readonly selector: Readonly<Record<string, string>>;
  readonly nodePorts: { readonly http: number; readonly https: number; readonly status: number };
  readonly trafficPolicy: "Local" | "Cluster";
  /** Whether every connection begins with a line of PROXY protocol. */
  readonly proxyProtocol: boolean;
  /** What it serves; absent where the site has no ingress. */
  readonly server?: GatewayServer;
  /** Hosts whose connections it passes on as they are, TLS included. */
  readonly passthroughHosts: readonly string[];
  /** Its ports for what is not HTTP. */
  readonly listeners: readonly GatewayListener[];
}

export interface GatewayServer {
  /** Name of the Gateway object. */
  readonly name: string;
  readonly hosts: readonly string[];
  /** Secret beside the gateway with its certificate; absent: plain HTTP only. */
  readonly certificateSecret?: string;
  readonly httpsRedirect: boolean;
}

/** A namespace of the product in the mesh. */
export interface NamespaceMesh {
  /** Hosts that its proxies hold in memory, as a Sidecar resource names them. */
  readonly egressHosts: readonly string[];
  /** Whether they let nothing through that the mesh does not know. */
  readonly knownHostsOnly: boolean;
}

/** Proxies of one minor version: what a filter says is theirs alone, since Envoy's own settings change between them. */
export interface FilteredProxies {
  /** The version as a name: `1-30`. */
  readonly name: string;
  /** The versions, as a regular expression. */
  readonly pattern: string;
}

/** A workload in the mesh, or kept out of it. */
export interface WorkloadMesh {
  readonly member: boolean;
  /** Labels of its Pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Version of the proxies, which only new Pods get; absent without a proxy in each Pod. */
  readonly revision?: string;
  /** Proxies that filters of the workload are written for; absent without a proxy in each Pod. */
  readonly filteredProxies?: FilteredProxies;
  /** Ports that take connections from outside the mesh although everything else must use mutual TLS. */
  readonly plainPorts: readonly number[];
}
