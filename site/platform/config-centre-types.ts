import type { Resources } from "../pod-types";
import type { ChartBlueprint, PlatformPart } from "./part-types";
import type { PolicyBlueprint } from "./tenancy-types";

/** Where workloads keep what is changed while they run. */
export interface ConfigCentreBlueprint extends PlatformPart {
  /** Public reference of the image that entries are imported with. */
  readonly image: string;
  /** Entry of the stack's secrets with the token; absent where the token is our own. */
  readonly tokenSecret?: string;
  /** Absent where the customer has one. */
  readonly server?: ConsulBlueprint;
}

/** Consul's servers, which alone are installed: no agents, no mesh, no pages. */
export interface ConsulBlueprint {
  readonly namespace: string;
  readonly chart: ChartBlueprint;
  readonly replicas: number;
  readonly sizeGiB: number;
  /** Absent: the cluster's default class. */
  readonly storageClass?: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** Of the Job that makes the servers' own tokens. */
  readonly helperResources: Resources;
  /** Who may reach them. */
  readonly policy: PolicyBlueprint;
}
