import type { CertificatesBlueprint } from "./certificates-types";
import type { IngressBlueprint } from "./ingress-types";
import type { MeshBlueprint } from "./mesh-types";
import type { PlatformNamespace, PlatformPods } from "./part-types";
import type { StorageBlueprint } from "./storage-types";
import type { TenancyBlueprint } from "./tenancy-types";

/** What stands between the bare cluster and the product; a part that the site does not name is absent. */
export interface PlatformBlueprint {
  /** Custom resource definitions, which come before everything that uses them. */
  readonly definitions: readonly {
    readonly set: string;
    /** File below the project, from the bundle; absent while no bundle is there. */
    readonly path?: string;
  }[];
  /** Namespaces of all parts. */
  readonly namespaces: readonly PlatformNamespace[];
  /** Pods of all parts. */
  readonly pods: readonly PlatformPods[];
  readonly storage?: StorageBlueprint;
  readonly certificates?: CertificatesBlueprint;
  readonly mesh?: MeshBlueprint;
  readonly ingress?: IngressBlueprint;
  readonly tenancy?: TenancyBlueprint;
}
