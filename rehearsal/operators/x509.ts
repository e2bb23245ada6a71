import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its private key in PEM form. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWish {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly authority: boolean;
  readonly days: number;
  /** Key to keep; a new one otherwise. */
  readonly key?: string | undefined;
  /** Who signs; absent: the certificate itself. */
  readonly signer?: KeyPair;
}

/** Makes a certificate by openssl. @throws with openssl's own words. */
export function makeCertificate(wish: CertificateWish): KeyPair {
  const { commonName, dnsNames, authority, days, signer } = wish;
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => {
    const { status, stderr } = spawnSync("openssl", words, { encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${words[0]}: ${stderr.trim()}`);
  };
  try {
    if (wish.key === undefined) {
      openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        file("key"),
      );
    } else writeFileSync(file("key"), wish.key);
    writeFileSync(file("extensions"), extensions(authority, dnsNames));
    const subject = commonName === "" ? "/" : `/CN=${commonName}`;
    openssl("req", "-new", "-key", file("key"), "-subj", subject, "-out", file("request"));
    const sign = ["x509", "-req", "-in", file("request"), "-days", String(days)];
    const out = ["-extfile", file("extensions"), "-out", file("certificate")];
    if (signer === undefined) openssl(...sign, "-signkey", file("key"), ...out);
    else {
      writeFileSync(file("signer"), signer.certificate);
      writeFileSync(file("signer-key"), signer.key);
      const by = ["-CA", file("signer"), "-CAkey", file("signer-key"), "-CAcreateserial"];
      openssl(...sign, ...by, ...out);
    }
    return {
      certificate: readFileSync(file("certificate"), "utf8"),
      key: readFileSync(file("key"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function extensions(authority: boolean, dnsNames: readonly string[]): string {
  return [
    `basicConstraints=critical,CA:${authority ? "TRUE" : "FALSE"}`,
    `keyUsage=critical,digitalSignature,${authority ? "keyCertSign,cRLSign" : "keyEncipherment"}`,
    ...(authority ? [] : ["extendedKeyUsage=serverAuth"]),
    // Without a subject the names are what counts, and the standard wants that to be said.
    ...(dnsNames.length > 0
      ? [`subjectAltName=critical,${dnsNames.map((name) => `DNS:${name}`).join(",")}`]
      : []),
    "",
  ].join("\n");
}

/** What is said of a certificate; undefined for a text that is none. */
export function readCertificate(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}
