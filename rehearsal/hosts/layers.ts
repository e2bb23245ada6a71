import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { RunError } from "../../site/run-error";
import type { Rehearsal } from "../folders";
import { runInside } from "../keeper/enter";
import { insidePrefix, requireRecord } from "../keeper/record";
import { commonFiles, type HostFile } from "./files";
import { hiddenPaths, ownFolders, unwantedOfLayer } from "./mask";
import { layersScript } from "./scripts";

/** Path of the working memory as this process can reach it. */
export function areaPath(rehearsal: Rehearsal): string {
  return join(`${insidePrefix(requireRecord(rehearsal))}/`, rehearsal.folders.area);
}

/**
 * Runs shell lines in the working memory. Whoever comes second waits: when a run is killed, what its
 * shell had just called still ends its work, and must not meet the work of the next run. Lines that
 * start something lasting close descriptor 9 for it.
 * @throws with what they printed when one fails.
 */
export async function runInArea(rehearsal: Rehearsal, script: string, what: string): Promise<void> {
  const result = await runInside(rehearsal, ["bash", "-eu"], {
    input: `exec 9> lock\nflock --wait 60 9\n${script}`,
    cwd: rehearsal.folders.area,
  });
  if (result.code === 0) return;
  throw new Error(`${what} failed (${result.code}): ${result.stderr.trim() || "nothing was said"}`);
}

/**
 * Fills the layers below every host's root, once in a keeper's life: Debian's packages with the
 * files all hosts share, and a mask over what is this machine's own.
 * @param debianLayer folder with unpacked packages: `usr/`, `etc/`, `var/`.
 * @throws when the packages hold no SSH server.
 */
export async function fillLayers(rehearsal: Rehearsal, debianLayer: string): Promise<void> {
  const area = areaPath(rehearsal);
  if (existsSync(join(area, "layers-done"))) return;
  if (!existsSync(join(debianLayer, "usr/sbin/sshd"))) {
    throw new RunError(`${debianLayer} holds no usr/sbin/sshd.`, {
      nextStep: "unpack Debian's openssh-server, openssh-sftp-server, libwrap0 and sudo there",
      exitCode: 5,
    });
  }
  await runInArea(rehearsal, layersScript(debianLayer, unwantedOfLayer), "Preparing the hosts");
  const base = join(area, "base");
  for (const [path, mode] of ownFolders) makeFolder(join(base, path), mode);
  for (const [link, target] of [
    ["var/run", "/run"],
    ["var/lock", "/run/lock"],
  ] as const) {
    if (!existsSync(join(base, link))) symlinkSync(target, join(base, link));
  }
  for (const file of commonFiles()) layFile(base, file);
  const machineRoot = `${insidePrefix(requireRecord(rehearsal))}/`;
  const mask = join(area, "mask");
  for (const path of hiddenPaths((folder) => namesIn(join(machineRoot, folder)))) {
    const place = join(mask, path);
    makeFolder(dirname(place), 0o755);
    if (!existsSync(place)) linkSync(join(area, "hidden"), place);
  }
  writeFileSync(join(area, "layers-done"), "");
}

/** Lays a file below a folder, with exactly its mode and owner. */
export function layFile(folder: string, file: HostFile): void {
  const path = join(folder, file.path);
  if (file.content === undefined) {
    makeFolder(path, file.mode);
  } else {
    makeFolder(dirname(path), 0o755);
    writeFileSync(path, file.content, { mode: file.mode });
    chmodSync(path, file.mode);
  }
  chownSync(path, file.uid ?? 0, file.gid ?? 0);
}

function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), 0o755);
  mkdirSync(path);
  chmodSync(path, mode);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
