import type { Resources } from "../pod-types";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";
import type { PlatformPart } from "./part-types";
import type { PolicyBlueprint } from "./tenancy-types";

/** Everything decided about tracing. */
export interface TracingBlueprint extends PlatformPart {
  readonly namespace: string;
  readonly kind: "jaeger" | "zipkin" | "skywalking";
  /** Takes traces in; shows them as well, except with SkyWalking. */
  readonly collector: TracingProgram;
  /** Pages apart from the collector. */
  readonly pages?: TracingProgram;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly storage: TraceStorage;
  /** Days that traces are kept in Elasticsearch. */
  readonly retentionDays: number;
  /** Removes old traces every night; absent where nothing has to, or the collector does. */
  readonly cleaner?: TraceCleaner;
  readonly policies: readonly PolicyBlueprint[];
  /** Absent: the pages are reached by a forwarded port only. */
  readonly route?: RouteBlueprint;
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
}

/** A Deployment with a Service of the same name. */
export interface TracingProgram {
  readonly name: string;
  readonly image: string;
  readonly replicas: number;
  readonly resources: Resources;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
}

export type TraceStorage =
  | { readonly kind: "memory"; readonly traces: number }
  | {
      readonly kind: "elasticsearch";
      readonly url: string;
      /** User, and entry of the stack's secrets with the password; absent: nobody logs in. */
      readonly login?: { readonly user: string; readonly passwordSecret: string };
      readonly ca?: string;
    };

export interface TraceCleaner {
  readonly name: string;
  readonly image: string;
  readonly resources: Resources;
  /** Five fields, in the cluster's time zone. */
  readonly schedule: string;
  readonly timezone: string;
  /** What names of indices begin with; they end in a day, as 2026-11-22. */
  readonly indices: readonly string[];
}
