import type { CertificatesBlueprint } from "./certificates-types";
import type { ConfigCentreBlueprint } from "./config-centre-types";
import type { DeliveryBlueprint } from "./delivery-types";
import type { IngressBlueprint } from "./ingress-types";
import type { LoggingBlueprint } from "./logging-types";
import type { MeshBlueprint } from "./mesh-types";
import type { MonitoringBlueprint } from "./monitoring-types";
import type { NightingaleBlueprint } from "./nightingale-types";
import type { PlatformNamespace, PlatformPods } from "./part-types";
import type { StorageBlueprint } from "./storage-types";
import type { TenancyBlueprint } from "./tenancy-types";
import type { TracingBlueprint } from "./tracing-types";

/** Definitions of custom resources that belong together. */
export interface DefinitionSet {
  readonly set: string;
  /** Version of the project that defines them. */
  readonly version: string;
  /** Groups of the kinds that it defines. */
  readonly groups: readonly string[];
  /** From the bundle, the path below the project; absent while no bundle is there. */
  readonly file?: { readonly path: string; readonly sha256: string };
}

/** What stands between the bare cluster and the product; a part that the site does not name is absent. */
export interface PlatformBlueprint {
  /** Custom resource definitions, which come before everything that uses them. */
  readonly definitions: readonly DefinitionSet[];
  /** Namespaces of all parts. */
  readonly namespaces: readonly PlatformNamespace[];
  /** Pods of all parts. */
  readonly pods: readonly PlatformPods[];
  readonly storage?: StorageBlueprint;
  readonly certificates?: CertificatesBlueprint;
  readonly mesh?: MeshBlueprint;
  readonly ingress?: IngressBlueprint;
  readonly tenancy?: TenancyBlueprint;
  readonly logging?: LoggingBlueprint;
  readonly monitoring?: MonitoringBlueprint;
  readonly tracing?: TracingBlueprint;
  readonly nightingale?: NightingaleBlueprint;
  readonly delivery?: DeliveryBlueprint;
  readonly configCentre?: ConfigCentreBlueprint;
}
