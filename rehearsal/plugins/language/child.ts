import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { beforeEnd } from "../protocol/lifetime";

const running = new Set<ChildProcess>();
beforeEnd(() => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts node with these arguments; the child never outlives this process or `signal`. */
export function startNode(
  args: readonly string[],
  options: SpawnOptions & { readonly signal: AbortSignal },
): ChildProcess {
  const { signal, ...rest } = options;
  const child = spawn(process.execPath, args, rest);
  running.add(child);
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  child.once("close", () => {
    running.delete(child);
    signal.removeEventListener("abort", stop);
  });
  return child;
}

/** Waits for a child: its exit code, or the name of the signal that ended it. */
export async function childEnd(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
  });
}
