import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

export interface LockOptions {
  /** Called when somebody else holds the lock. */
  readonly onWait?: () => void;
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while holding the lock file, so that two runs do not build the same thing.
 *
 * The lock is the kernel's, held by a small `flock` child that ends with our end of its standard
 * input: a run that is killed, however, leaves nothing behind that the next one must judge.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn("flock", [file, "sh", "-c", "echo held; exec cat >/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C must not take the lock away while the work is still being cleaned up.
    detached: true,
  });
  const release = () => holder.stdin.end();
  const ended = new Promise<void>((settle) => holder.once("close", () => settle()));
  const waiting = setTimeout(() => options.onWait?.(), 200);
  try {
    await new Promise<void>((held, failed) => {
      holder.once("error", (error) =>
        failed(new Error(`flock (package util-linux) is needed: ${error.message}`)),
      );
      holder.once("exit", () => failed(new Error(`cannot lock ${file}`)));
      holder.stdout.once("data", () => held());
      options.signal?.addEventListener("abort", () => {
        holder.kill();
        failed(new Error("interrupted while waiting for another run"));
      });
    });
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    release();
    if (holder.pid !== undefined) await ended;
  }
}
