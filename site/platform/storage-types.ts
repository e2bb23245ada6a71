import type { Resources } from "../pod-types";
import type { PlatformPart } from "./part-types";

/** Everything decided about where Pods keep data. Just one of the three kinds is present. */
export interface StorageBlueprint extends PlatformPart {
  readonly kind: "ceph" | "nfs" | "local";
  readonly classes: readonly StorageClassBlueprint[];
  readonly ceph?: CephBlueprint;
  readonly nfs?: NfsBlueprint;
  readonly local?: LocalBlueprint;
  /** What all volumes may hold together; absent where only the storage's owner knows. */
  readonly room?: StorageRoom;
  /** Present where volumes can be snapshotted. */
  readonly snapshotController?: SnapshotControllerBlueprint;
}

/** What the volumes of some storage classes may hold together. */
export interface StorageRoom {
  readonly classes: readonly string[];
  readonly usableGiB: number;
  /** What one volume may hold: less where it is on one disk. */
  readonly largestGiB: number;
  /** Where the number comes from. */
  readonly because: string;
  /** The key of `storage` that decides it. */
  readonly key: "ceph" | "local";
}

/** A storage class of the site. */
export interface StorageClassBlueprint {
  readonly name: string;
  /** `bucket` classes are for ObjectBucketClaims; a volume claim that names one waits for ever. */
  readonly serves: "volumes" | "bucket";
  /** Whether claims get it that name none. */
  readonly default: boolean;
}

/** A disk that Ceph takes whole. */
export interface CephDeviceBlueprint {
  /** Stable name below /dev/disk. */
  readonly path: string;
  readonly sizeGiB: number;
  /** Kind of disk; absent: what the disk says of itself. */
  readonly class?: string;
  /** Disk that holds this one's metadata. */
  readonly metadataPath?: string;
}

/** Pods of Ceph that only its own hosts may run. */
export interface CephPlacement {
  readonly nodeLabel: { readonly key: string; readonly value: string };
  /** Keys of the taints that keep others away; empty where storage hosts take ordinary Pods too. */
  readonly tolerates: readonly string[];
}

export type CephDaemon = "mon" | "mgr" | "osd" | "mds" | "rgw";

export interface CephBlueprint {
  /** Namespace of operator and cluster alike. */
  readonly namespace: string;
  /** Public reference of the Ceph image, from the catalogue. */
  readonly image: string;
  /** Rook's version, from the catalogue. */
  readonly rook: string;
  readonly hosts: readonly {
    readonly name: string;
    readonly devices: readonly CephDeviceBlueprint[];
  }[];
  readonly placement: CephPlacement;
  /** What copies are kept apart by. */
  readonly failureDomain: "host" | "zone";
  readonly replicas: number;
  readonly monitors: number;
  readonly managers: number;
  readonly resources: Readonly<Record<CephDaemon, Resources>>;
  readonly reclaim: "Delete" | "Retain";
  readonly block: { readonly pool: string; readonly class: string; readonly default: boolean };
  readonly filesystem?: {
    readonly name: string;
    readonly class: string;
    readonly default: boolean;
  };
  readonly object?: { readonly name: string; readonly class: string; readonly gateways: number };
  /** Whether volumes can be snapshotted; the classes are called as the storage classes. */
  readonly snapshots: boolean;
  readonly dashboard: boolean;
  /** Whether figures are offered to Prometheus: only where the site has one, whose definitions it takes. */
  readonly monitoring: boolean;
  /** CSI controller Pods of each driver; each has a node of its own. */
  readonly csiControllers: number;
  /** The first of the two words that allow all data to be erased was said. */
  readonly erasable: boolean;
}

export interface NfsBlueprint {
  readonly namespace: string;
  readonly image: string;
  readonly server: string;
  readonly path: string;
  readonly class: string;
  readonly default: boolean;
  readonly archiveOnDelete: boolean;
  readonly reclaim: "Delete" | "Retain";
  readonly resources: Resources;
}

export interface LocalBlueprint {
  readonly namespace: string;
  readonly image: string;
  /** Image of the short-lived Pods that make and remove folders. */
  readonly helperImage: string;
  readonly path: string;
  readonly class: string;
  readonly default: boolean;
  readonly reclaim: "Delete" | "Retain";
  readonly resources: Resources;
}

/** The controller that makes snapshots of volumes whose driver can; no chart brings it. */
export interface SnapshotControllerBlueprint {
  readonly namespace: string;
  readonly image: string;
  readonly replicas: number;
  readonly placement: CephPlacement;
  readonly resources: Resources;
}
