import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunError } from "../../site/run-error";
import { formatKnownHosts, mergeKnownHost, parseKnownHosts } from "../../ssh/known-hosts";
import { knownHostsFile } from "../../ssh/pinned-keys";
import { exitCodes } from "../exit-codes";

/** New pins of one host. */
export interface Pins {
  readonly address: string;
  readonly port: number;
  readonly keys: readonly string[];
}

/** Writes pins into a site's file, whole or not at all; entries of other hosts stay. The file is read again just before. */
export function writePins(root: string, site: string, pins: readonly Pins[]): void {
  const file = knownHostsFile(site);
  const path = join(root, file);
  const old = existsSync(path) ? readFileSync(path, "utf8") : "";
  const entries = pins.reduce(
    (merged, { address, port, keys }) => mergeKnownHost(merged, address, port, keys),
    parseKnownHosts(old),
  );
  const part = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(part, formatKnownHosts(entries), { mode: 0o644 });
    renameSync(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    throw new RunError(`${file} could not be written: ${String(cause)}`, {
      nextStep: "make the folder writable, or free some space; nothing was changed",
      exitCode: exitCodes.machine,
      cause,
    });
  }
}
