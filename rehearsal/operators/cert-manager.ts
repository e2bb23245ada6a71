import { createPrivateKey } from "node:crypto";
import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type Condition, conditionsOf, isReady, timed } from "./conditions";
import { type Found, type Operator, writeStatus } from "./operator";
import { giveAuthority, isWebhooks, runs, webhookCollections } from "./webhooks";
import { type KeyPair, makeCertificate, readCertificate } from "./x509";

/** cert-manager: its webhook's authority, its issuers, and certificates that are really signed. */

const namespace = "cert-manager";
const group = "/apis/cert-manager.io/v1";

export const certManager: Operator = {
  name: "cert-manager",
  watches: [...webhookCollections, `${group}/clusterissuers`, `${group}/certificates`],
  look: async (found, api) => {
    if (isWebhooks(found.object)) return injectAuthority(found, api);
    if (!(await runs(namespace, "cert-manager", api))) return;
    if (found.object.kind === "ClusterIssuer") return lookAtIssuer(found, api);
    if (found.object.kind === "Certificate") return lookAtCertificate(found, api);
  },
};

let webhookAuthority: string | undefined;

async function injectAuthority(found: Found, api: KubeApi): Promise<void> {
  const source = found.object.metadata.annotations?.["cert-manager.io/inject-ca-from-secret"];
  if (source === undefined || !(await runs(namespace, "cert-manager-cainjector", api))) return;
  webhookAuthority ??= makeCertificate({
    commonName: "cert-manager-webhook-ca",
    dnsNames: [],
    authority: true,
    days: 365,
  }).certificate;
  await giveAuthority(found, webhookAuthority, api);
}

interface IssuerSpec {
  readonly selfSigned?: object;
  readonly ca?: { readonly secretName: string };
}

async function lookAtIssuer(found: Found, api: KubeApi): Promise<void> {
  const { object } = found;
  const ready = await issuerCondition(object, api);
  await writeStatus(api, found, { conditions: timed([ready], conditionsOf(object)) });
}

async function issuerCondition(object: KubeObject, api: KubeApi): Promise<Condition> {
  const { ca, selfSigned } = object.spec as IssuerSpec;
  if (selfSigned !== undefined) return ready("IsReady", "");
  if (ca === undefined) return notReady("NoSupport", "no issuer of this kind is simulated");
  const pair = await keyPair(namespace, ca.secretName, api);
  const problem = "Error getting keypair for CA issuer: ";
  if (pair === undefined) {
    return notReady("ErrGetKeyPair", `${problem}secrets "${ca.secretName}" not found`);
  }
  const certificate = readCertificate(pair.certificate);
  if (certificate === undefined) {
    return notReady("ErrGetKeyPair", `${problem}error decoding certificate PEM block`);
  }
  if (!keyFits(pair)) {
    return notReady("ErrInvalidKeyPair", `${problem}tls: private key does not match public key`);
  }
  if (!certificate.ca) {
    return notReady("ErrInvalidKeyPair", `${problem}certificate is not a CA`);
  }
  return ready("KeyPairVerified", "Signing CA verified");
}

interface CertificateSpec {
  readonly secretName: string;
  readonly commonName?: string;
  readonly dnsNames?: readonly string[];
  readonly isCA?: boolean;
  readonly duration?: string;
  readonly renewBefore?: string;
  readonly privateKey?: { readonly rotationPolicy?: string };
  readonly issuerRef: { readonly name: string; readonly kind?: string };
}

async function lookAtCertificate(found: Found, api: KubeApi): Promise<void> {
  const { object } = found;
  const spec = object.spec as CertificateSpec;
  const own = object.metadata.namespace ?? "";
  const existing = await keyPair(own, spec.secretName, api);
  if (isReady(object) && existing !== undefined && holds(existing, spec)) return;
  const waiting = (message: string) =>
    writeStatus(api, found, {
      conditions: timed([notReady("DoesNotExist", message)], conditionsOf(object)),
    });
  const days = hours(spec.duration, 2160) / 24;
  if (hours(spec.renewBefore, 0) / 24 >= days) {
    return waiting("certificate duration must be greater than renewBefore");
  }
  const { name } = spec.issuerRef;
  const issuer = await api.get<KubeObject>(`${group}/clusterissuers/${name}`);
  if (issuer === undefined) {
    return waiting(
      `Referenced "ClusterIssuer" not found: clusterissuer.cert-manager.io "${name}" not found`,
    );
  }
  if (!isReady(issuer)) return waiting("Referenced issuer does not have a Ready status condition");
  const { ca } = issuer.spec as IssuerSpec;
  const signer = ca === undefined ? undefined : await keyPair(namespace, ca.secretName, api);
  const made = makeCertificate({
    commonName: spec.commonName ?? "",
    dnsNames: spec.dnsNames ?? [],
    authority: spec.isCA === true,
    days,
    key: spec.privateKey?.rotationPolicy === "Never" ? existing?.key : undefined,
    ...(signer !== undefined && { signer }),
  });
  const encode = (text: string) => Buffer.from(text).toString("base64");
  await api.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: spec.secretName,
      namespace: own,
      annotations: { "cert-manager.io/certificate-name": object.metadata.name },
    },
    type: "kubernetes.io/tls",
    data: {
      "tls.crt": encode(made.certificate),
      "tls.key": encode(made.key),
      "ca.crt": encode(signer?.certificate ?? made.certificate),
    },
  });
  await writeStatus(api, found, {
    conditions: timed(
      [ready("Ready", "Certificate is up to date and has not expired")],
      conditionsOf(object),
    ),
    notAfter: new Date(readCertificate(made.certificate)?.validTo ?? 0)
      .toISOString()
      .replace(".000Z", "Z"),
  });
}

/** Whether a certificate is the one that is asked for. */
function holds(pair: KeyPair, { dnsNames = [] }: CertificateSpec): boolean {
  const names = readCertificate(pair.certificate)?.subjectAltName ?? "";
  const held = names.split(", ").filter((name) => name !== "");
  return held.join() === dnsNames.map((name) => `DNS:${name}`).join();
}

function keyFits({ certificate, key }: KeyPair): boolean {
  try {
    return readCertificate(certificate)?.checkPrivateKey(createPrivateKey(key)) === true;
  } catch {
    return false;
  }
}

async function keyPair(
  namespace: string,
  name: string,
  api: KubeApi,
): Promise<KeyPair | undefined> {
  const secret = await api.get<KubeObject>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  const data = (secret?.data ?? {}) as Readonly<Record<string, string>>;
  const decode = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
  return secret && { certificate: decode("tls.crt"), key: decode("tls.key") };
}

/** Hours of a span of time such as `2160h0m0s`. */
function hours(span: string | undefined, otherwise: number): number {
  return span === undefined ? otherwise : Number(/^(\d+)h/.exec(span)?.[1] ?? 0);
}

function ready(reason: string, message: string): Condition {
  return { type: "Ready", status: "True", reason, message };
}

function notReady(reason: string, message: string): Condition {
  return { type: "Ready", status: "False", reason, message };
}
