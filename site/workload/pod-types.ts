import type { Resources } from "../pod-types";

/** Parts of a Pod, decided for a site. */

/** When and how often a question is asked. */
export interface ProbeTimes {
  readonly everySeconds: number;
  readonly timeoutSeconds: number;
  readonly failures: number;
}

export interface Probe {
  /** Present unless a command asks. */
  readonly port?: number;
  readonly path?: string;
  /** Service asked for by gRPC's health protocol; empty for the server as a whole. */
  readonly grpc?: string;
  readonly command?: readonly string[];
  readonly startup: ProbeTimes;
  readonly readiness: ProbeTimes;
  readonly liveness: ProbeTimes;
}

/** A container that runs before the workload's own, or beside it. */
export interface InitBlueprint {
  readonly name: string;
  /** Rewritten to the site's registry, pinned by digest. */
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly sidecar: boolean;
  /** Volume that it fills and that it alone may write to; it mounts nothing else then. */
  readonly fills?: string;
  /** Whether it sends the workload's log files; it knows nothing else of the workload then. */
  readonly ships?: boolean;
}

/** A claim for a volume: what a StatefulSet makes for each Pod, or one of the workload's or the release's own. */
export interface ClaimBlueprint {
  readonly sizeGiB: number;
  /** Absent: the cluster's default class. */
  readonly storageClass?: string;
}

export type AccessMode = "ReadWriteOnce" | "ReadWriteMany";

/** Where the data of a volume is. */
export type VolumeSource =
  | ({
      readonly kind: "claim";
      /** Name of the PersistentVolumeClaim. */
      readonly claim: string;
      readonly access: AccessMode;
    } & ClaimBlueprint)
  | { readonly kind: "shared"; readonly claim: string }
  | { readonly kind: "nfs"; readonly server: string; readonly path: string }
  | { readonly kind: "hostPath"; readonly path: string }
  | { readonly kind: "emptyDir"; readonly sizeMiB: number; readonly memory: boolean };

export interface VolumeBlueprint {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly: boolean;
  readonly source: VolumeSource;
}

/** A volume of the release that several workloads mount. */
export interface SharedVolumeBlueprint extends ClaimBlueprint {
  readonly name: string;
  readonly namespace: string;
  readonly access: AccessMode;
  readonly labels: Readonly<Record<string, string>>;
}

/** A secret of the release at this site; its value stands nowhere in a blueprint. */
export interface SecretBlueprint {
  readonly name: string;
  /** Entry of `sitewright:secrets`; absent where a random value is made. */
  readonly given?: string;
  /** Letters and digits of the random value; absent where it is given. */
  readonly length?: number;
}
