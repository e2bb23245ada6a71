import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { ProviderFailure } from "../protocol/failure";
import { beforeEnd } from "../protocol/lifetime";
import { isList, type PropertyMap } from "../protocol/values";
import { archiveAt, assetsAt } from "./assets";
import { environmentOf, previousOutput, type RunCommand, text } from "./command-run";
import { CommandOutput, failureText } from "./output";
import { openStreams } from "./streams";

/** Commands at work: each leads a process group of its own, so that its children end with it. */
const running = new Set<ChildProcess>();
beforeEnd(() => running.forEach(killGroup));

/** How long to wait for the output of a killed command whose children hold on to it. */
const drainMilliseconds = 300;

/** Runs a command on this machine; gives stdout, stderr and the files asked for. */
export const runLocal: RunCommand = async (command, work, inputs, olds) => {
  const [program = "/bin/sh", ...leading] = interpreterOf(inputs);
  const folder = text(inputs.dir) ?? process.cwd();
  const output = new CommandOutput(inputs.logging, work.log);
  const how = await ended(program, [...leading, command], {
    folder,
    environment: {
      ...process.env,
      ...Object.fromEntries([...environmentOf(inputs), ...previousOutput(inputs, olds)]),
    },
    stdin: text(inputs.stdin) ?? "",
    output,
    signal: work.signal,
  });
  output.finish();
  if (how !== undefined) throw new ProviderFailure(failureText(how, command, output));

  const { assetPaths, archivePaths } = inputs;
  return {
    ...olds,
    ...(isList(assetPaths) ? { assets: await assetsAt(folder, assetPaths.map(String)) } : {}),
    ...(isList(archivePaths) ? { archive: await archiveAt(folder, archivePaths.map(String)) } : {}),
    ...output.outputs(),
  };
};

function interpreterOf({ interpreter }: PropertyMap): string[] {
  return isList(interpreter) && interpreter.length > 0
    ? interpreter.map(String)
    : ["/bin/sh", "-c"];
}

/** Undefined when the command ended well, otherwise how it ended, in the real provider's words. */
async function ended(
  program: string,
  args: readonly string[],
  run: {
    readonly folder: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly stdin: string;
    readonly output: CommandOutput;
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  if (run.signal.aborted) return "context canceled";
  if (!existsSync(run.folder)) return `chdir ${run.folder}: no such file or directory`;
  const streams = await openStreams(run.stdin);
  const child = spawn(program, args, {
    cwd: run.folder,
    env: run.environment,
    stdio: streams.stdio,
    detached: true,
  });
  running.add(child);
  streams.release();
  streams.stdout.on("data", (chunk: Buffer) => run.output.add("stdout", chunk));
  streams.stderr.on("data", (chunk: Buffer) => run.output.add("stderr", chunk));
  const drained = Promise.all(
    [streams.stdout, streams.stderr].map((stream) => once(stream, "close")),
  );

  const stop = () => {
    killGroup(child);
    // A grandchild that has left the group may keep the pipes open; nobody waits for it.
    setTimeout(() => {
      streams.stdout.destroy();
      streams.stderr.destroy();
    }, drainMilliseconds).unref();
  };
  run.signal.addEventListener("abort", stop, { once: true });
  try {
    const how = await new Promise<string | undefined>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => resolve(startFault(program, error)));
      child.once("exit", (code, signal) => resolve(endOf(code, signal)));
    });
    await drained;
    return how;
  } finally {
    run.signal.removeEventListener("abort", stop);
    running.delete(child);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended by itself.
  }
}

function startFault(program: string, error: NodeJS.ErrnoException): string {
  const reason = error.code === "EACCES" ? "permission denied" : "no such file or directory";
  if (program.includes("/")) return `fork/exec ${program}: ${reason}`;
  return `exec: "${program}": executable file not found in $PATH`;
}

const signalWords: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: "aborted",
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGPIPE: "broken pipe",
  SIGQUIT: "quit",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
};

function endOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${signalWords[signal] ?? signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}
