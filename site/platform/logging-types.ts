import type { Resources } from "../pod-types";
import type { CertificateBlueprint } from "./certificates-types";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";
import type { PlatformPart } from "./part-types";

/** Line of Filebeat and Metricbeat; the older one for what is as old. */
export type BeatLine = "9" | "7.17";

/** Everything decided about logging. */
export interface LoggingBlueprint extends PlatformPart {
  readonly namespace: string;
  readonly output: LogOutput;
  /** Values that the output asks for, by the variable or file that Pods read them from. */
  readonly secrets: readonly LogSecret[];
  readonly filebeat: FilebeatBlueprint;
  readonly metricbeat?: MetricbeatBlueprint;
  /** The site's own store, which is the output then. */
  readonly store?: LogStoreBlueprint;
}

/** A value for the output, by name. */
export interface LogSecret {
  /** Key in Secrets; also the variable, unless it is a file. */
  readonly variable: string;
  /** Entry of the stack's secrets; absent where a random value is made. */
  readonly given?: string;
  readonly file: boolean;
}

interface OutputCommon {
  readonly line: BeatLine;
  /** `host:port` each. */
  readonly hosts: readonly string[];
  readonly bulkEvents: number;
  /** Absent where no TLS is spoken. */
  readonly tls?: {
    /** PEM; absent where everybody knows the authority. */
    readonly ca?: string;
    readonly verification: "full" | "certificate";
    /** Whether a certificate of our own is shown. */
    readonly ownCertificate: boolean;
  };
}

/** Where entries go. Passwords, keys and certificates are in the variables and files of `secrets`. */
export type LogOutput =
  | (OutputCommon & {
      readonly kind: "elasticsearch";
      readonly user?: string;
      readonly apiKey: boolean;
      readonly index: string;
      readonly compressionLevel: number;
    })
  | (OutputCommon & { readonly kind: "logstash"; readonly compressionLevel: number })
  | (OutputCommon & {
      readonly kind: "kafka";
      readonly topic: string;
      readonly sasl?: { readonly mechanism: string; readonly user: string };
      readonly version: string;
      readonly acknowledgedBy: "all" | "leader";
      readonly compression: "none" | "gzip" | "snappy" | "lz4";
      readonly maxEventBytes: number;
    });

/** What a beat holds in memory or on disk before it is taken. */
export interface BeatRoom {
  readonly queueEvents: number;
  /** Present: the queue is on the node's disk. */
  readonly diskQueueGiB?: number;
  readonly resources: Resources;
  /** What Go's memory is kept below, in MiB. */
  readonly goMemoryMiB: number;
}

/** Which lines are one entry: Filebeat's own words. */
export interface MultilineBlueprint {
  readonly pattern: string;
  readonly negate: boolean;
  readonly maxLines: number;
}

/** How the lines of some files become entries. */
export interface LogLines {
  readonly multiline?: MultilineBlueprint;
  /** Patterns of lines that are left out. */
  readonly exclude: readonly string[];
}

/** A workload whose containers are read in a way of their own. */
export interface LogInput extends LogLines {
  readonly namespace: string;
  readonly workload: string;
}

/** Fields that every entry has; what is not stated here comes from the Pod's own labels. */
export interface LogTags {
  readonly site: string;
  /** Workspace, product or `platform`. */
  readonly tenant: string;
}

export interface LogDrop {
  readonly namespace?: string | undefined;
  readonly workload?: string | undefined;
  readonly container?: string | undefined;
  readonly matching?: string | undefined;
}

/** Filebeat on every node. */
export interface FilebeatBlueprint extends BeatRoom {
  /** Public references. */
  readonly image: string;
  readonly exporterImage: string;
  readonly exporterResources: Resources;
  readonly site: string;
  readonly product: string;
  /** Containers that are read in a way of their own; all others are read as they are. */
  readonly inputs: readonly LogInput[];
  readonly hostFiles: readonly string[];
  readonly drop: readonly LogDrop[];
}

/** Metricbeat on every node; one of them asks about the cluster as a whole. */
export interface MetricbeatBlueprint extends Omit<BeatRoom, "diskQueueGiB"> {
  readonly image: string;
  readonly exporterImage: string;
  readonly exporterResources: Resources;
  readonly site: string;
  /** Index or topic of its own; its figures are no log entries. */
  readonly target?: string;
  /** Service of kube-state-metrics as host:port; absent where the site has none. */
  readonly clusterState?: string;
}

/** Elasticsearch and Kibana of the site's own. */
export interface LogStoreBlueprint {
  /** Public references. */
  readonly image: string;
  readonly kibanaImage: string;
  readonly replicas: number;
  readonly sizeGiB: number;
  /** Absent: the cluster's default class. */
  readonly storageClass?: string;
  readonly resources: Resources;
  readonly kibanaResources: Resources;
  /** Of what sets it up and cleans it. */
  readonly helperResources: Resources;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly keepDays: number;
  /** MiB of entries, each counted once, above which the oldest go. */
  readonly keepMiB: number;
  /** How often each entry is kept. */
  readonly copies: number;
  readonly dataStream: string;
  /** Of Metricbeat's figures; absent where the site has no Metricbeat. */
  readonly metricsStream?: string;
  /** Absent where the site has no authority, and it speaks plain HTTP. */
  readonly certificate?: CertificateBlueprint;
  /** To Kibana's pages; absent where the site has no ingress. */
  readonly route?: RouteBlueprint;
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
  /** Address of these pages. */
  readonly url?: string;
}
