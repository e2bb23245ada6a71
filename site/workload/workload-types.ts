import type { CertificateBlueprint } from "../platform/certificates-types";
import type { RouteBlueprint } from "../platform/ingress-types";
import type { LogLines, LogOutput, LogSecret, LogTags } from "../platform/logging-types";
import type { WorkloadMesh } from "../platform/mesh-types";
import type { MetricsBlueprint } from "../platform/monitoring-types";
import type { Resources } from "../pod-types";
import type { PortProtocol } from "../schema/workload-network";
import type { WorkloadSettings } from "./defaults";
import type { WorkloadKind } from "./kinds";
import type { ClaimBlueprint, InitBlueprint, Probe, VolumeBlueprint } from "./pod-types";
import type { CanaryBlueprint, TrafficBlueprint } from "./traffic-types";

/** What a workload is once site and release have both been heard: every decision taken, nothing of Kubernetes' shapes yet. */

export interface VolumeClaimBlueprint extends ClaimBlueprint {
  readonly name: string;
  readonly mountPath: string;
}

/** A port of a workload's Pods and Service. */
export interface PortBlueprint {
  readonly name: string;
  readonly port: number;
  readonly protocol: PortProtocol;
  /** Port on every node; absent: none. */
  readonly nodePort?: number;
  /** Port of each host that runs a Pod; absent: none. */
  readonly hostPort?: number;
}

/** What a workload keeps in the site's config centre, and how it gets there. */
export interface CentreBlueprint {
  /** Of the HTTP API, as Pods reach it. */
  readonly address: string;
  /** Begins all its keys; ends with a slash. */
  readonly prefix: string;
  /** Texts by key, without the prefix. */
  readonly entries: Readonly<Record<string, string>>;
  /** Image that imports them, in the site's registry. */
  readonly image: string;
  /** Of the Pod that does so. */
  readonly resources: Resources;
  /** Labels of that Pod that keep it out of the mesh. */
  readonly labels: Readonly<Record<string, string>>;
  /** Authority of the config centre's certificate; absent where everybody knows it, or there is none. */
  readonly ca?: string;
  /** Name in that certificate, where it is not the address. */
  readonly serverName?: string;
}

/** What a workload writes about itself. */
export interface LogsBlueprint {
  readonly format: "json" | "text";
  /** Folders of its log files, which go with the Pod. */
  readonly folders: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly sizeMiB: number;
  }[];
  /** Absent where it writes no files, or the site has nowhere to send them. */
  readonly shipper?: ShipperBlueprint;
}

/** What the container beside a workload sends, and where. */
export interface ShipperBlueprint {
  readonly tags: LogTags & { readonly namespace: string; readonly workload: string };
  readonly files: readonly LogFileBlueprint[];
  readonly output: LogOutput;
  readonly secrets: readonly LogSecret[];
  readonly queueEvents: number;
  readonly goMemoryMiB: number;
  /** Brings the authority that the site's own store is known by; absent where it is another's, or none. */
  readonly authority?: CertificateBlueprint;
}

export interface LogFileBlueprint extends LogLines {
  readonly path: string;
  readonly format: "json" | "text";
  /** Further fields of its entries. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One workload of the release as this site runs it. */
export interface WorkloadBlueprint {
  readonly name: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  /** Rewritten to the site's registry, pinned by digest. */
  readonly image: string;
  readonly version: string;
  /** Pods wanted; 1 for a Job and a CronJob, one for each of its nodes for a DaemonSet. */
  readonly replicas: number;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Texts by the paths at which containers read them. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the release's secrets by variable, and by path. */
  readonly secretEnv: Readonly<Record<string, string>>;
  readonly secretFiles: Readonly<Record<string, string>>;
  /** In the order in which they run. */
  readonly init: readonly InitBlueprint[];
  readonly ports: readonly PortBlueprint[];
  readonly probe?: Probe;
  readonly resources: Resources;
  /** `required`: never two Pods on one host; `preferred`: spread as far as hosts allow. */
  readonly antiAffinity: "required" | "preferred" | "none";
  /** Volumes that each Pod of a StatefulSet has for itself. */
  readonly claims: readonly VolumeClaimBlueprint[];
  readonly volumes: readonly VolumeBlueprint[];
  /** What a roll-back does not undo: data in claims of its own, or data that was migrated. */
  readonly keeps?: "claims" | "migration";
  /** The platform's defaults, as far as the workload does not state something else. */
  readonly settings: Omit<WorkloadSettings, "maxUnavailable">;
  /** Seconds that a deployment waits until it is there or gone. */
  readonly patienceSeconds: number;
  readonly schedule?: string;
  /** Time zone of the schedule; the site's. */
  readonly timeZone?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Labels a node must carry. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Keys of taints that its Pods bear; empty for ordinary Pods. */
  readonly tolerates: readonly string[];
  /** Pods that may be down at once during a drain; absent where a budget makes no sense. */
  readonly maxUnavailable?: number;
  /** Workloads that must be up, or for a Job done, before this one is touched. */
  readonly after: readonly string[];
  /** Absent where the site has no mesh. */
  readonly mesh?: WorkloadMesh;
  /** How clients outside the cluster reach it; absent where they do not. */
  readonly routes?: readonly RouteBlueprint[];
  /** How requests come to it; absent where no proxy could see to it, or nothing is said of it. */
  readonly traffic?: TrafficBlueprint;
  /** Figures that its Pods show; absent where they show none, or nobody at the site reads them. */
  readonly metrics?: MetricsBlueprint;
  /** What it keeps in the site's config centre; absent where that is nothing, or the site has none. */
  readonly centre?: CentreBlueprint;
  readonly logs: LogsBlueprint;
  /** Another image that gets a part of the requests; absent while there is none. */
  readonly canary?: CanaryBlueprint;
}
