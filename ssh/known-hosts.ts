import { createHmac } from "node:crypto";
import { keyBlob, keyType } from "./host-key";

/** One line of a known_hosts file. */
export interface KnownHost {
  /** Names as written: `192.0.2.11`, `[192.0.2.11]:2222`, or one hashed name. */
  readonly names: readonly string[];
  /** `<type> <base64>`. */
  readonly key: string;
}

/** A line that cannot be used; `line` counts from 1. */
export class KnownHostsError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.name = "KnownHostsError";
    this.line = line;
  }
}

/** Reads the text of a known_hosts file. Throws KnownHostsError on a line that would mislead. */
export function parseKnownHosts(text: string): KnownHost[] {
  const found: KnownHost[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    found.push(parseLine(line, index + 1));
  });
  return found;
}

function parseLine(line: string, number: number): KnownHost {
  const words = line.split(/\s+/);
  if (words[0]?.startsWith("@")) {
    throw new KnownHostsError(
      number,
      `marker ${words[0]} is not supported; pin the host's own key`,
    );
  }
  const [names, type, base64] = words;
  if (!names || !type || !base64) {
    throw new KnownHostsError(number, "needs a name, a key type and a key");
  }
  if (/[*?!]/.test(names)) {
    throw new KnownHostsError(number, `pattern "${names}" is not supported; name each host`);
  }
  const key = `${type} ${base64}`;
  if (keyType(keyBlob(key)) !== type) {
    throw new KnownHostsError(number, `is not a public key of type ${type}`);
  }
  return { names: names.split(","), key };
}

/** Name under which known_hosts files a host: the address, or `[address]:port` off port 22. */
export function knownHostName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

/** Pinned keys of one host, hashed entries included. */
export function keysFor(entries: readonly KnownHost[], address: string, port: number): string[] {
  const name = knownHostName(address, port);
  const own = entries.filter((entry) => entry.names.some((known) => isName(known, name)));
  return [...new Set(own.map((entry) => entry.key))];
}

function isName(known: string, name: string): boolean {
  if (!known.startsWith("|1|")) return known === name;
  const [, , salt, hash] = known.split("|");
  if (!salt || !hash) return false;
  const wanted = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64");
  return wanted === hash;
}

/** Text of a known_hosts file. */
export function formatKnownHosts(entries: readonly KnownHost[]): string {
  return entries.map((entry) => `${entry.names.join(",")} ${entry.key}\n`).join("");
}

/**
 * The entries with `keys` as the only keys of one host. Other hosts' entries keep their order; a line that
 * names several hosts loses only this one.
 */
export function mergeKnownHost(
  entries: readonly KnownHost[],
  address: string,
  port: number,
  keys: readonly string[],
): KnownHost[] {
  const name = knownHostName(address, port);
  const others = entries
    .map((entry) => ({ ...entry, names: entry.names.filter((known) => !isName(known, name)) }))
    .filter((entry) => entry.names.length > 0);
  return [...others, ...keys.map((key) => ({ names: [name], key }))];
}
