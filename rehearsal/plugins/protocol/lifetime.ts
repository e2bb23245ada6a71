import { fstatSync } from "node:fs";

/** How often a plugin looks whether the engine that started it is still there. */
const parentCheckMilliseconds = 1_000;

/** Tidying to do before this process ends, last added first. It must be quick and synchronous. */
const tidying: (() => void)[] = [];
let ending = false;

/** Has `tidy` run before this process ends, whatever ends it short of SIGKILL. */
export function beforeEnd(tidy: () => void): void {
  tidying.push(tidy);
}

/** Tidies and ends this process. */
export function end(exitCode: number): void {
  if (ending) return;
  ending = true;
  for (const tidy of tidying.reverse()) {
    try {
      tidy();
    } catch (error) {
      process.stderr.write(`While ending: ${String(error)}\n`);
    }
  }
  process.exit(exitCode);
}

/**
 * Ends this process when its engine is done with it or gone: on SIGINT (how the engine asks), SIGTERM
 * and SIGHUP, when the pipe on standard input closes, or when the parent process has changed.
 */
export function endWithEngine(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(0));

  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) {
    process.stdin.on("end", () => end(0));
    process.stdin.on("error", () => end(0));
    process.stdin.resume();
  }

  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end(0);
  }, parentCheckMilliseconds).unref();
}

/** A signal aborted by `signal` or, when `seconds` is over 0, by that much time passing. */
export function afterSeconds(signal: AbortSignal, seconds: number): AbortSignal {
  if (seconds <= 0) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(seconds * 1_000)]);
}
