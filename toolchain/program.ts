import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";

/** How a program ended. */
export interface ProgramEnd {
  /** Exit code; 127 when the program could not be started, 128 + n when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** Everything on standard error, or why the program could not be started. */
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Ends the program and all that it started. */
  readonly signal?: AbortSignal;
  /** Default: no limit. */
  readonly timeoutSeconds?: number;
  /** Gives way to everything else on the machine; for builds. */
  readonly background?: boolean;
  /** Each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

/** Runs a program to its end without a shell and without standard input. Never rejects. */
export function runProgram(
  program: string,
  programArguments: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramEnd> {
  const limits = [
    ...(options.signal ? [options.signal] : []),
    ...(options.timeoutSeconds ? [AbortSignal.timeout(options.timeoutSeconds * 1000)] : []),
  ];
  const stop = AbortSignal.any(limits);
  return new Promise((settle) => {
    if (stop.aborted) return settle({ code: 130, stdout: "", stderr: "interrupted" });
    // A process group of its own: a compiler's children end with it, and Ctrl-C reaches it through us.
    const child = spawn(program, [...programArguments], {
      ...(options.cwd ? { cwd: options.cwd } : {}),
      env: options.environment ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // Already gone.
      }
    };
    let stdout = "";
    const errorLines: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      errorLines.push(line);
      options.onErrorLine?.(line);
    });
    child.on("spawn", () => {
      stop.addEventListener("abort", end, { once: true });
      if (options.background && child.pid !== undefined) setPriority(child.pid, 10);
    });
    child.on("error", (error) => settle({ code: 127, stdout, stderr: error.message }));
    child.on("close", (code, signal) => {
      stop.removeEventListener("abort", end);
      const stopped = stop.aborted ? ["stopped: interrupted or out of time"] : [];
      const stderr = [...errorLines, ...stopped].join("\n");
      settle({ code: code ?? (signal === "SIGKILL" ? 137 : 143), stdout, stderr });
    });
  });
}
