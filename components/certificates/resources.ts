import type {
  CertificateBlueprint,
  CertificatesBlueprint,
} from "../../site/platform/certificates-types";

/** Custom resources of cert-manager, as plain data. */

const apiVersion = "cert-manager.io/v1";

/** Nothing counts as there before cert-manager says so; the reason why not stands in its condition. */
const whenReady = { "pulumi.com/waitFor": "condition=Ready" };

/** The issuer that lets an authority sign itself. */
export function bootstrapIssuer(name: string) {
  return {
    apiVersion,
    kind: "ClusterIssuer",
    metadata: { name, annotations: whenReady },
    spec: { selfSigned: {} },
  };
}

/** The issuer that signs with the site's authority. */
export function authorityIssuer({
  issuer,
  authoritySecret,
}: Pick<CertificatesBlueprint, "issuer" | "authoritySecret">) {
  return {
    apiVersion,
    kind: "ClusterIssuer",
    metadata: { name: issuer, annotations: whenReady },
    spec: { ca: { secretName: authoritySecret } },
  };
}

export function certificate(wanted: CertificateBlueprint) {
  const { name, namespace, secretName, commonName, dnsNames, authority, rotation } = wanted;
  return {
    apiVersion,
    kind: "Certificate",
    metadata: { name, namespace, annotations: whenReady },
    spec: {
      secretName,
      ...(commonName !== undefined && { commonName }),
      ...(authority && { isCA: true }),
      ...(dnsNames.length > 0 && { dnsNames: [...dnsNames] }),
      duration: hours(wanted.days),
      renewBefore: hours(wanted.renewBeforeDays),
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: rotation },
      usages: authority
        ? ["digital signature", "cert sign", "crl sign"]
        : ["digital signature", "key encipherment", "server auth"],
      issuerRef: { name: wanted.issuer, kind: "ClusterIssuer", group: "cert-manager.io" },
    },
  };
}

/** As the API writes a span of time, so that what was sent is what is read back. */
function hours(days: number): string {
  return `${days * 24}h0m0s`;
}
