import { readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expiresFile, type Rehearsal } from "../folders";
import { mountPoints } from "./mount-points";
import { namespaceInode } from "./namespaces";
import { insideOf, isAlive, type KeeperRecord, readRecord, recordFile, startTime } from "./record";

const endSeconds = 15;

/**
 * Ends a rehearsal: its keeper, and with it every process, mount, bridge and namespace inside. The
 * state folder stays. Nothing happens when it does not run.
 * @returns what was left behind in spite of that, one line each; empty when nothing was.
 * @throws when called from inside the rehearsal.
 */
export async function endRehearsal(rehearsal: Rehearsal): Promise<string[]> {
  const record = readRecord(rehearsal);
  if (record === undefined) return findLeftovers(rehearsal, []);
  if (insideOf(record)) throw new Error("A rehearsal cannot be ended from inside.");
  // Numbers of namespaces are given out again, so those of a dead keeper may by now be somebody
  // else's.
  const namespaces = isAlive(record) ? namespacesOf(record) : [];
  if (isAlive(record)) process.kill(record.initPid, "SIGKILL");
  const deadline = Date.now() + endSeconds * 1000;
  let left: string[];
  do {
    await delay(20);
    left = findLeftovers(rehearsal, namespaces);
    if (isAlive(record)) left.unshift(`the keeper, pid ${record.initPid}`);
    if (startTime(record.keeperPid) === record.keeperStart && record.keeperStart !== "") {
      left.push(`the keeper's parent, pid ${record.keeperPid}`);
    }
  } while (left.length > 0 && Date.now() < deadline);
  if (left.length === 0) {
    rmSync(recordFile(rehearsal), { force: true });
    rmSync(expiresFile(rehearsal), { force: true });
  }
  return left;
}

/**
 * Processes in the given namespaces, mounts under the state folder, and links of ours, in the
 * machine's own view.
 */
export function findLeftovers(rehearsal: Rehearsal, namespaces: readonly string[]): string[] {
  const wanted = new Set(namespaces);
  const left: string[] = [];
  for (const pid of allPids()) {
    if (startTime(pid) === undefined) continue;
    const held = (["net", "mnt", "pid"] as const).map((kind) => namespaceInode(pid, kind));
    if (held.some((inode) => wanted.has(inode))) left.push(`process ${pid} (${commandLine(pid)})`);
  }
  for (const point of mountPoints(readFileSync("/proc/self/mountinfo", "utf8"))) {
    if (point.startsWith(`${rehearsal.folders.root}/`)) left.push(`mount ${point}`);
  }
  for (const link of readdirSync("/sys/class/net")) {
    if (/^(sw|h)[0-9a-f]{8}$/.test(link)) left.push(`link ${link}`);
  }
  return left;
}

/**
 * All namespaces that live inside the rehearsal: those of every process in its PID namespace or one
 * below.
 */
function namespacesOf(record: KeeperRecord): string[] {
  const found = new Set([record.networkNamespace, record.mountNamespace, record.pidNamespace]);
  const machine = new Set(
    (["net", "mnt", "pid"] as const).map((kind) => namespaceInode("self", kind)),
  );
  const parents = new Map<number, number>();
  for (const pid of allPids()) parents.set(pid, parentOf(pid));
  for (const pid of parents.keys()) {
    if (!descends(pid, record.initPid, parents)) continue;
    for (const kind of ["net", "mnt", "pid"] as const) found.add(namespaceInode(pid, kind));
  }
  return [...found].filter((inode) => inode !== "" && !machine.has(inode));
}

function descends(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  let current: number | undefined = pid;
  for (let depth = 0; current !== undefined && current > 1 && depth < 1000; depth += 1) {
    if (current === ancestor) return true;
    current = parents.get(current);
  }
  return false;
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

function commandLine(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return text.slice(0, 80) || "ending";
  } catch {
    return "ending";
  }
}
