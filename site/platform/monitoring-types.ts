import type { NotificationBlueprint } from "../alerting/notification-types";
import type { RuleFile } from "../alerting/rule-types";
import type { Dashboard } from "../dashboards/dashboard-types";
import type { Resources } from "../pod-types";
import type { CertificateBlueprint } from "./certificates-types";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";
import type { ProbingBlueprint, ScrapeBlueprint } from "./monitoring-target-types";
import type { ChartBlueprint, PlatformPart } from "./part-types";
import type { PolicyBlueprint } from "./tenancy-types";

/** Everything decided about monitoring. */
export interface MonitoringBlueprint extends PlatformPart {
  readonly namespace: string;
  readonly chart: ChartBlueprint;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly prometheus: PrometheusBlueprint;
  readonly alertmanager: AlertmanagerBlueprint;
  readonly grafana: GrafanaBlueprint;
  /** What else the chart starts. */
  readonly resources: Readonly<
    Record<"operator" | "reloader" | "clusterState" | "nodes", Resources>
  >;
  /** Members of etcd that show figures; empty where they show them to nobody but its clients. */
  readonly etcd: readonly { readonly host: string; readonly address: string }[];
  /** Pages that are served outside the cluster. */
  readonly pages: readonly PageBlueprint[];
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
  /** Who may open connections to its Pods. */
  readonly policy: PolicyBlueprint;
  /** Parts of the platform that show figures themselves. */
  readonly monitors: readonly MonitorBlueprint[];
  /** What is read from machines outside the cluster. */
  readonly scrapes: readonly ScrapeBlueprint[];
  /** What is asked from within the cluster, and what asks. */
  readonly probing: ProbingBlueprint;
  /** Certificate that brings the site's authority to what asks; absent where the site has none. */
  readonly authority?: CertificateBlueprint;
  readonly dashboards: readonly Dashboard[];
  readonly rules: readonly RuleFile[];
  /** Who is told of what; absent where nobody is. */
  readonly notification?: NotificationBlueprint;
  // Rules are added here by the part that derives them.
}

/** Where a program keeps its data: a claim, or room on its node that goes with the Pod. */
export interface DataBlueprint {
  readonly kind: "claim" | "emptyDir";
  readonly sizeGiB: number;
  /** Of a claim; absent: the cluster's default class. */
  readonly storageClass?: string;
}

export interface PrometheusBlueprint {
  /** Never two on one host. */
  readonly replicas: number;
  readonly resources: Resources;
  readonly intervalSeconds: number;
  readonly retentionDays: number;
  /** Where the oldest figures go, whatever their age; less than the volume. */
  readonly retentionMiB: number;
  readonly data: DataBlueprint;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly remoteWrite: readonly RemoteWriteBlueprint[];
  readonly remoteWriteReceiver: boolean;
  /** Where people reach it; absent: within the cluster only. */
  readonly url?: string;
}

export interface RemoteWriteBlueprint {
  readonly name: string;
  readonly url: string;
  /** User and entry of the stack's secrets with the password. */
  readonly login?: { readonly user: string; readonly passwordSecret: string };
  readonly tokenSecret?: string;
  readonly ca?: string;
  /** Names of figures, as a regular expression; absent: all. */
  readonly keep?: string;
}

export interface AlertmanagerBlueprint {
  readonly replicas: number;
  readonly resources: Resources;
  readonly data: DataBlueprint;
  readonly url?: string;
}

export interface GrafanaBlueprint {
  readonly resources: Resources;
  /** Of what brings dashboards to it. */
  readonly helperResources: Resources;
  /** Absent: nothing but what is in code. */
  readonly data?: DataBlueprint;
  /** Where people reach it; absent: within the cluster only. */
  readonly url?: string;
}

/** Pages of one program behind the site's ingress. */
export interface PageBlueprint {
  readonly name: "grafana" | "prometheus" | "alertmanager";
  readonly route: RouteBlueprint;
}

/** Pods of the platform that show figures. */
export interface MonitorBlueprint {
  readonly name: string;
  readonly job: string;
  /** Namespaces of the Pods; empty: all. */
  readonly namespaces: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that Pods must have, whatever their value. */
  readonly anyOf?: { readonly key: string; readonly values: readonly string[] };
  /** Port by its name, or number. */
  readonly port: string | number;
  readonly path: string;
  /** What is asked for with the path; absent: nothing. */
  readonly params?: Readonly<Record<string, string>>;
  /** Whether figures are of the Pod's node, whose name they get then. */
  readonly ofNode?: boolean;
  /** Most figures of one Pod; more are taken for a fault, and none is kept. */
  readonly maxSamples: number;
  /** Names of the figures that are kept, as a regular expression; absent: all. */
  readonly keep?: string;
}

/** A workload's own figures. */
export interface MetricsBlueprint {
  readonly port: string;
  readonly path: string;
  readonly scheme: "http" | "https";
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxSamples: number;
  /** Names of figures that are not kept, as regular expressions. */
  readonly drop: readonly string[];
}
