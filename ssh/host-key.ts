import { createHash } from "node:crypto";

/** Public key of a host as known_hosts spells it: `<type> <base64>`. */
export function keyText(blob: Buffer): string {
  return `${keyType(blob)} ${blob.toString("base64")}`;
}

/** Type that the key itself names, for example `ssh-ed25519`. */
export function keyType(blob: Buffer): string {
  if (blob.length < 4) return "";
  const length = blob.readUInt32BE(0);
  return blob.subarray(4, 4 + length).toString("latin1");
}

/** The blob inside `<type> <base64>`. */
export function keyBlob(text: string): Buffer {
  return Buffer.from(text.trim().split(/\s+/)[1] ?? "", "base64");
}

/** `SHA256:…`, as `ssh-keygen -lf` prints it. */
export function fingerprint(key: string | Buffer): string {
  const blob = typeof key === "string" ? keyBlob(key) : key;
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Signature algorithms to offer for a key type; RSA keys sign with SHA-2 only. */
export function signatureAlgorithms(type: string): readonly string[] {
  return type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type];
}

/** Key types asked for when scanning, best first. */
export const SCANNED_KEY_TYPES = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
] as const;

/**
 * Order in which host key algorithms are offered: those of pinned keys first, so that a host with several
 * keys shows the one we know; the others after, so that a changed key is seen and named, not merely absent.
 */
export function hostKeyAlgorithms(pinned: readonly string[]): string[] {
  const types = [...pinned.map((key) => key.trim().split(/\s+/)[0] ?? ""), ...SCANNED_KEY_TYPES];
  const known = types.filter((type) => (SCANNED_KEY_TYPES as readonly string[]).includes(type));
  return [...new Set(known.flatMap(signatureAlgorithms))];
}
