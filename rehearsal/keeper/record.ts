import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../../site/run-error";
import type { Rehearsal } from "../folders";
import { namespaceInode, networkNamespace } from "./namespaces";

/** What is written down about a running keeper. Pids are those that the machine sees. */
export interface KeeperRecord {
  readonly format: 1;
  /** The `unshare` process, leader of its own session. */
  readonly keeperPid: number;
  readonly keeperStart: string;
  /** Process 1 of the rehearsal's PID namespace. When it ends, the kernel ends all in it. */
  readonly initPid: number;
  /**
   * Start time of process 1 in clock ticks after boot, so that a reused pid is not taken for it.
   */
  readonly initStart: string;
  /** Boot that the pids belong to. */
  readonly bootId: string;
  /** Inode numbers of namespaces, as /proc/<pid>/ns shows them. */
  readonly networkNamespace: string;
  readonly mountNamespace: string;
  readonly pidNamespace: string;
  readonly machineNetworkNamespace: string;
  /** Random; also written in the working memory, where only those inside can read it. */
  readonly token: string;
}

/** Path of the record. */
export function recordFile(rehearsal: Rehearsal): string {
  return join(rehearsal.folders.run, "keeper.json");
}

/** The record, or undefined when no keeper was ever started or the file is damaged. */
export function readRecord(rehearsal: Rehearsal): KeeperRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(rehearsal), "utf8")) as KeeperRecord;
    return record.format === 1 ? record : undefined;
  } catch {
    return undefined;
  }
}

/** True when this process stands in the rehearsal's network and mount namespaces. */
export function insideOf(record: KeeperRecord): boolean {
  return (
    networkNamespace() === record.networkNamespace &&
    namespaceInode("self", "mnt") === record.mountNamespace &&
    record.networkNamespace !== record.machineNetworkNamespace
  );
}

/** True when the recorded keeper is this very process still, not one that got its pid later. */
export function isAlive(record: KeeperRecord): boolean {
  if (insideOf(record)) return true;
  return record.bootId === bootId() && startTime(record.initPid) === record.initStart;
}

/** The record of the keeper if it lives; a stale record is removed. */
export function livingRecord(rehearsal: Rehearsal): KeeperRecord | undefined {
  const record = readRecord(rehearsal);
  if (record === undefined) return undefined;
  if (isAlive(record)) return record;
  rmSync(recordFile(rehearsal), { force: true });
  return undefined;
}

/**
 * The record of the living keeper.
 * @throws when the rehearsal does not run.
 */
export function requireRecord(rehearsal: Rehearsal): KeeperRecord {
  const record = livingRecord(rehearsal);
  if (record !== undefined) return record;
  throw new RunError(`The rehearsal of ${rehearsal.site} is not running.`, {
    nextStep: `start it: ./sitewright rehearse ${rehearsal.site}`,
    exitCode: 2,
  });
}

/** The rehearsal's file system as this process can reach it: a prefix for absolute paths inside. */
export function insidePrefix(record: KeeperRecord): string {
  return insideOf(record) ? "" : `/proc/${record.initPid}/root`;
}

/** Kernel's mark of a process that has begun to end and runs no more. */
const exitingFlag = 0x4;

/**
 * Start of a process in clock ticks after boot, or undefined when there is none or it has ended. A
 * container whose first process reaps nobody keeps dead ones in the list for good; they hold
 * nothing any more and count as ended.
 */
export function startTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The command's name stands in brackets and may hold anything, so fields count from the last
  // bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ended = /^[ZX]/.test(fields[0] ?? "") || (Number(fields[6]) & exitingFlag) !== 0;
  return ended ? undefined : fields[19];
}

/** The kernel's random name for this boot; empty where the kernel has none. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}
