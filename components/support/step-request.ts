import type { Blueprint, HostBlueprint, LoginBlueprint } from "../../site/blueprint-types";
import type { HarborConfiguration } from "../../site/platform/registry-types";

/** Environment variable in which a step receives its request. */
export const REQUEST_VARIABLE = "SITEWRIGHT_REQUEST";

/** A host as a step sees it: how to reach it and by which keys to know it. */
export interface StepHost extends Pick<HostBlueprint, "address" | "arch" | "login"> {
  /** Pinned host keys. */
  readonly keys: readonly string[];
}

export interface StepBastion {
  readonly address: string;
  readonly login: LoginBlueprint;
  readonly keys: readonly string[];
}

/**
 * What `./sitewright step` is asked to do: plain JSON, no secret, nothing that changes by itself. Each step gets
 * only the parts that it works on, so that a preview shows a change just where one will be made.
 */
export interface StepRequest {
  readonly site: string;
  /** By name, so that a diff names the host that comes or goes. */
  readonly hosts: Readonly<Record<string, StepHost>>;
  readonly bastion?: StepBastion;
  readonly installer: string;
  readonly workDir: string;
  readonly kubekey: Blueprint["cluster"]["kubekey"];
  readonly registry?: Blueprint["registry"];
  readonly baseline?: Pick<Blueprint["baseline"], "ntpServers" | "timezone">;
  readonly cluster?: Omit<
    Blueprint["cluster"],
    "files" | "images" | "kubekey" | "workDir" | "installer" | "certificatesRenewed"
  >;
  /** What a kubeconfig is made from; not the version, so that an upgrade leaves the kubeconfig known in preview. */
  readonly api?: Pick<Blueprint["cluster"], "name" | "endpoint"> & { readonly from: string };
  /** Month of the last wanted renewal of the control plane's certificates. */
  readonly certificatesRenewed?: string;
  readonly release?: string;
  /** Files of the bundle; a step that needs them says so when there are none. */
  readonly files?: NonNullable<Blueprint["cluster"]["files"]>;
  /** Sets of custom resource definitions in files of the bundle, by name. */
  readonly definitions?: Readonly<Record<string, DefinitionFile>>;
  /** What is asked of Harbor; the step with that name only. */
  readonly harbor?: HarborQuestion;
  /** Where Nightingale answers; the step with that name only. */
  readonly nightingale?: NightingaleQuestion;
  /** Digest of the artifact whose images are pushed. */
  readonly artifact?: string;
  /** What the registry must hold afterwards: images without its name. */
  readonly images?: readonly string[];
  /** Whether Rook and Ceph may become what the site wants. */
  readonly cephUpgrade?: CephUpgradeRequest;
  /** What the site's storage must be able to do. */
  readonly storageReady?: StorageReadyRequest;
}

export interface DefinitionFile {
  readonly version: string;
  /** Path below the project. */
  readonly path: string;
  readonly sha256: string;
}

/** One call for a whole Harbor. */
export interface HarborQuestion {
  /** `apply` makes Harbor as wanted and reads it back, `read` only reads. */
  readonly operation: "apply" | "read";
  readonly configuration: HarborConfiguration;
  /** What Harbor was made to hold before: what is no longer wanted of it is let go. */
  readonly managed: HarborConfiguration;
}

/** Where Nightingale answers in the cluster, and what it is to hold. */
export interface NightingaleQuestion {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** Digests by name; what they are of comes with the secrets. */
  readonly holds: Readonly<Record<string, string>>;
}

/** What is about to be installed over what runs. */
export interface CephUpgradeRequest {
  /** Hosts to ask for the cluster's API, in this order. */
  readonly controlPlane: readonly string[];
  readonly namespace: string;
  /** Version of Rook that is wanted. */
  readonly rook: string;
  /** Ceph's image in the site's registry that is wanted. */
  readonly image: string;
}

export interface StorageReadyRequest {
  /** Hosts to ask for the cluster's API, in this order. */
  readonly controlPlane: readonly string[];
  /** Namespace of the storage, in which claims are made to see whether volumes come. */
  readonly namespace: string;
  /** Storage classes that must give a volume at once. */
  readonly classes: readonly string[];
  readonly ceph?: {
    /** Image that Ceph must have come to run. */
    readonly image: string;
    /** Number of disks by host: each has a daemon of its own. */
    readonly disks: Readonly<Record<string, number>>;
    /** Names of the CSI drivers that must run. */
    readonly drivers: readonly string[];
  };
}

export type StepName =
  | "prepare"
  | "transfer"
  | "configure"
  | "init-registry"
  | "harbor"
  | "push-images"
  | "trust-registry"
  | "cluster"
  | "renew-certificates"
  | "kubeconfig"
  | "definitions"
  | "storage-upgrade"
  | "storage-ready"
  | "nightingale"
  | "delete-cluster"
  | "tunnel"
  | "serve-tunnel";
