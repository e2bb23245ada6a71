import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Blueprint } from "../site/blueprint-types";
import { RunError } from "../site/run-error";
import { keysFor, parseKnownHosts } from "./known-hosts";

/** File that pins the host keys of a site, relative to the project. */
export function knownHostsFile(site: string): string {
  return join("trust", `${site}.known_hosts`);
}

/**
 * Pinned keys by host name (and `bastion`), as `<type> <base64>`; a host without any has an empty list.
 * @throws RunError when the file is there but cannot be read as known hosts.
 */
export function readHostKeys(
  root: string,
  { site, hosts, bastion }: Pick<Blueprint, "site" | "hosts" | "bastion">,
): Record<string, string[]> {
  const file = knownHostsFile(site);
  const path = join(root, file);
  try {
    const entries = parseKnownHosts(existsSync(path) ? readFileSync(path, "utf8") : "");
    const machines = [...hosts, ...(bastion ? [{ name: "bastion", ...bastion }] : [])];
    return Object.fromEntries(
      machines.map(({ name, address, login }) => [name, keysFor(entries, address, login.port)]),
    );
  } catch (fault) {
    throw new RunError(`${file}: ${fault instanceof Error ? fault.message : String(fault)}`, {
      exitCode: 3,
      nextStep: `mend that line, or remove the file and run ./sitewright trust ${site}`,
    });
  }
}
