import type { Resources } from "../pod-types";

/** What every part of the platform says of itself: its charts, Pods, namespaces and definitions. */
export interface PlatformPart {
  readonly charts: readonly ChartBlueprint[];
  /** Sets of custom resource definitions (catalogue/crds.yaml) that must be there first. */
  readonly crds: readonly string[];
  /** Names of programs without a chart (catalogue/platform.yaml). */
  readonly programs: readonly string[];
  /** Namespaces that the part keeps for itself; no tenant and no release may use them. */
  readonly namespaces: readonly PlatformNamespace[];
  /** Pods that take room from the product's, for the capacity of the site. */
  readonly pods: readonly PlatformPods[];
}

export interface PlatformNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether data would go with it: never deleted before somebody unprotects it. */
  readonly holdsData?: boolean;
}

/** A chart as this site installs it. */
export interface ChartBlueprint {
  /** The chart's own name. */
  readonly chart: string;
  readonly version: string;
  /** Name of the installation, which most charts put before the names of their objects. */
  readonly release: string;
  readonly namespace: string;
  /** File below the project, from the bundle; absent while no bundle is there. */
  readonly path?: string;
}

/** Pods of one workload of the platform, as capacity and chart values need them. */
export interface PlatformPods {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly resources: Resources;
  /** Labels that a node must carry. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Keys of taints that they bear besides none. */
  readonly tolerates: readonly string[];
}
