import { existsSync, mkdirSync, statSync } from "node:fs";
import type { Rehearsal } from "../folders";
import { runInside } from "./enter";
import { insidePrefix, requireRecord } from "./record";
import { shellQuote } from "./script";

/** A folder or file that the rehearsal shows in the place of another. */
export interface Bind {
  readonly source: string;
  /** What is hidden by it; an empty folder is made where a missing folder is to be hidden. */
  readonly target: string;
}

/**
 * Lays the rehearsal's own folders and files over the checkout's, for those inside only. What lies
 * there already stays.
 * @throws when a source is missing, or a file is to be laid over nothing.
 */
export async function layBinds(rehearsal: Rehearsal, binds: readonly Bind[]): Promise<void> {
  const prefix = insidePrefix(requireRecord(rehearsal));
  const missing = binds.filter((bind) => !isSame(bind.source, `${prefix}${bind.target}`));
  for (const { source, target } of missing) {
    if (!existsSync(source))
      throw new Error(`${source} is missing, so it cannot stand for ${target}.`);
    if (existsSync(target)) continue;
    if (!statSync(source).isDirectory()) {
      throw new Error(
        `${target} is missing; make the file first, so that ${source} can stand for it.`,
      );
    }
    mkdirSync(target, { recursive: true });
  }
  if (missing.length === 0) return;
  const lines = missing.map(
    ({ source, target }) => `mount --bind -- ${shellQuote(source)} ${shellQuote(target)}`,
  );
  const result = await runInside(rehearsal, ["bash", "-eu"], { input: `${lines.join("\n")}\n` });
  if (result.code !== 0) {
    throw new Error(`The rehearsal's folders could not be laid in place: ${result.stderr.trim()}`);
  }
}

/** True when both paths lead to one and the same file or folder. */
function isSame(one: string, other: string): boolean {
  try {
    const [first, second] = [statSync(one), statSync(other)];
    return first.dev === second.dev && first.ino === second.ino;
  } catch {
    return false;
  }
}
