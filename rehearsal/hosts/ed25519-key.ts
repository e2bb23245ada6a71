import { utils } from "ssh2";

/** A key pair in OpenSSH's formats: the private key as a file's text, the public one as a line. */
export interface Ed25519Key {
  readonly private: string;
  readonly public: string;
}

/**
 * A new key pair. ssh2 writes a public key that begins with a zero byte one byte short, about one in 250, and OpenSSH
 * refuses such a key; so pairs are made until one is whole.
 */
export function newEd25519Key(): Ed25519Key {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519");
    if (isWhole(pair.public)) return pair;
  }
}

/** True when a public key's line has as many bytes as an ed25519 key has: its type, its 32 bytes, both with lengths. */
export function isWhole(publicLine: string): boolean {
  return Buffer.from(publicLine.split(" ")[1] ?? "", "base64").length === 4 + 11 + 4 + 32;
}
