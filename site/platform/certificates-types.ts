import type { Resources } from "../pod-types";
import type { PlatformPart } from "./part-types";

export interface CertificatesBlueprint extends PlatformPart {
  readonly namespace: string;
  readonly replicas: number;
  readonly resources: Readonly<Record<"controller" | "webhook" | "cainjector", Resources>>;
  readonly authority: AuthorityBlueprint;
  /** Cluster-wide issuer that signs everything but the authority itself. */
  readonly issuer: string;
  /** Secret, in cert-manager's namespace, that the issuer signs with. */
  readonly authoritySecret: string;
  /** What is signed for the site itself. */
  readonly issued: readonly CertificateBlueprint[];
  /** Whether Prometheus is told where to read dates of expiry; only once there is one. */
  readonly monitored: boolean;
}

export type AuthorityBlueprint =
  | {
      readonly kind: "generated";
      /** Issuer that lets the authority sign itself. */
      readonly bootstrapIssuer: string;
      readonly certificate: CertificateBlueprint;
    }
  | {
      readonly kind: "given";
      /** Names of the stack's secrets. */
      readonly certificateSecret: string;
      readonly keySecret: string;
    };

/** A certificate that is made, kept in a Secret and made anew in time. */
export interface CertificateBlueprint {
  readonly name: string;
  readonly namespace: string;
  readonly secretName: string;
  readonly commonName?: string;
  readonly dnsNames: readonly string[];
  readonly days: number;
  readonly renewBeforeDays: number;
  readonly authority: boolean;
  /** `Always`: each certificate has a new key. `Never`: whoever trusts an older one keeps trusting. */
  readonly rotation: "Always" | "Never";
  readonly issuer: string;
}
