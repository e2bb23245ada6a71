import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * The very `pulumi` that runs this pack: one of the processes that it comes from. Where these cannot be looked at, as on
 * a Mac, the one on PATH.
 */
export function engineProgram(pid: number = process.ppid): string {
  for (let one = pid; one > 1; one = parentOf(one)) {
    const file = linkOf(`/proc/${one}/exe`);
    if (basename(file) === "pulumi") return file;
  }
  return "pulumi";
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

/** 0 where it is not known. */
function parentOf(pid: number): number {
  try {
    const [, parent = "0"] =
      /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(parent);
  } catch {
    return 0;
  }
}
