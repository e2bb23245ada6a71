import { readlinkSync } from "node:fs";

/** Inode number of a process' network namespace; of this process when no pid is given. */
export function networkNamespace(pid: number | "self" = "self"): string {
  return namespaceInode(pid, "net");
}

/** Inode number of one of a process' namespaces, or an empty text when it cannot be read. */
export function namespaceInode(pid: number | "self", kind: "net" | "mnt" | "pid"): string {
  try {
    return /\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/${kind}`))?.[1] ?? "";
  } catch {
    return "";
  }
}
