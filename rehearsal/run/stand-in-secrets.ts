import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { parseDocument } from "yaml";
import type { Blueprint } from "../../site/blueprint-types";
import { newEd25519Key } from "../hosts/ed25519-key";
import { makeCertificate } from "../operators/x509";

/** Random values for every secret a site names; used when the site's own passphrase is not at hand. */
export function standInSecrets(blueprint: Blueprint): Record<string, string> {
  const logins = blueprint.hosts.map((host) => host.login);
  if (blueprint.bastion) logins.push(blueprint.bastion.login);
  const keys = new Set(logins.map((login) => login.privateKeySecret));
  const secrets: Record<string, string> = {};
  for (const name of blueprint.secretNames) {
    // kk takes passwords through two shells, so letters and digits only.
    secrets[name] = keys.has(name)
      ? newEd25519Key().private
      : // Harbor wants one of each kind.
        `Aa1${randomBytes(32)
          .toString("base64")
          .replace(/[^A-Za-z0-9]/g, "")}`.slice(0, 24);
  }
  return { ...secrets, ...standInAuthority(blueprint) };
}

/** An authority in place of a given one: what is no certificate would be refused. */
function standInAuthority({ site, platform }: Blueprint): Record<string, string> {
  const authority = platform.certificates?.authority;
  if (authority?.kind !== "given") return {};
  const commonName = `${site} rehearsal`.slice(0, 64);
  const pair = makeCertificate({ commonName, dnsNames: [], authority: true, days: 30 });
  return {
    [authority.certificateSecret]: pair.certificate,
    [authority.keySecret]: pair.key,
  };
}

/**
 * The site's stack file with its secrets replaced and encrypted anew under `passphrase`; everything else stays
 * letter for letter, comments included.
 */
export function withSecrets(
  stackFile: string,
  secrets: Readonly<Record<string, string>>,
  passphrase: string,
): string {
  const document = parseDocument(stackFile);
  const encrypt = passphraseEncrypter(passphrase);
  document.set("encryptionsalt", encrypt.salt);
  const values = Object.entries(secrets).map(([name, value]) => [
    name,
    { secure: encrypt.value(value) },
  ]);
  document.setIn(["config", "sitewright:secrets"], Object.fromEntries(values));
  return document.toString({ lineWidth: 0 });
}

/** Pulumi's passphrase provider: PBKDF2-SHA256, a million rounds, then AES-256-GCM. */
function passphraseEncrypter(passphrase: string) {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const value = (plain: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([
      cipher.update(plain, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  // The salt line carries a known word, by which a wrong passphrase is noticed.
  return { value, salt: `v1:${salt.toString("base64")}:${value("pulumi")}` };
}
