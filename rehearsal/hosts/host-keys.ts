import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rehearsal } from "../folders";
import type { PlannedHost } from "../simulated-site";
import { isWhole, newEd25519Key } from "./ed25519-key";

/** The key by which a host proves who it is, in OpenSSH's formats. */
export interface HostKey {
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly publicKey: string;
}

/** The host's key, made at its first start and kept in the rehearsal's state from then on. */
export function hostKeyOf(rehearsal: Rehearsal, host: string): HostKey {
  const file = join(rehearsal.folders.keys, `${host}_ed25519`);
  if (existsSync(file) && existsSync(`${file}.pub`)) {
    const publicKey = readFileSync(`${file}.pub`, "utf8").trim();
    // A key that a run left cut off is as good as none.
    if (isWhole(publicKey)) return { privateKey: readFileSync(file, "utf8"), publicKey };
  }
  const pair = newEd25519Key();
  const publicKey = pair.public.trim().split(" ").slice(0, 2).join(" ");
  writeFileSync(file, pair.private, { mode: 0o600 });
  writeFileSync(`${file}.pub`, `${publicKey}\n`, { mode: 0o600 });
  return { privateKey: pair.private, publicKey };
}

/** Lines of a known_hosts file for one host: one for each port, in OpenSSH's spelling. */
export function knownHostsLines(host: PlannedHost, key: HostKey): string[] {
  return host.sshPorts.map((port) => {
    const place = port === 22 ? host.address : `[${host.address}]:${port}`;
    return `${place} ${key.publicKey}`;
  });
}

/** Path of the file that pins the simulated hosts' keys for whoever is inside the rehearsal. */
export function knownHostsFile(rehearsal: Rehearsal): string {
  return join(rehearsal.folders.trust, `${rehearsal.site}.known_hosts`);
}

/** Pins the keys of all hosts of the rehearsal. */
export function pinHostKeys(rehearsal: Rehearsal, hosts: readonly PlannedHost[]): void {
  const lines = hosts.flatMap((host) => knownHostsLines(host, hostKeyOf(rehearsal, host.name)));
  writeFileSync(knownHostsFile(rehearsal), `${lines.join("\n")}\n`, { mode: 0o600 });
}
