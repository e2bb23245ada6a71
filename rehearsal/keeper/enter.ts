import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Rehearsal } from "../folders";
import { toolPath } from "../machine";
import { insideOf, type KeeperRecord, requireRecord } from "./record";

/** How to run a command inside a rehearsal. */
export interface EnterOptions {
  /** The whole environment of the command. Default: this process' own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Working folder, as a path inside. Default: this process' own. */
  readonly cwd?: string;
  /** Default: `inherit`. */
  readonly stdio?: SpawnOptions["stdio"];
}

/** How a command ended. */
export interface Ended {
  /** Exit code; 128 + the signal's number when a signal ended it, as shells have it. */
  readonly code: number;
  readonly signal?: NodeJS.Signals;
}

/** A command that runs inside a rehearsal. */
export interface Entered {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Sends a signal to the command itself, not to the helper that carried it inside. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** What a short command printed and how it ended. */
export interface Output extends Ended {
  readonly stdout: string;
  readonly stderr: string;
}

const signalNumbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/**
 * The command line that carries `argv` into the rehearsal; `argv` itself for who is inside already.
 */
export function enterCommand(
  record: KeeperRecord,
  argv: readonly string[],
  cwd: string,
): readonly string[] {
  const command = ["env", "-C", cwd, "--", ...argv];
  // The inner one ends the command when the helper dies, the outer one ends the helper when we die:
  // so that a killed run leaves nothing behind that goes on changing the site.
  const guarded = ["setpriv", "--pdeathsig", "KILL", "--", ...command];
  if (insideOf(record)) return guarded;
  const target = ["--target", String(record.initPid), "--net", "--mount", "--pid"];
  return ["setpriv", "--pdeathsig", "KILL", "--", "nsenter", ...target, "--", ...guarded];
}

/**
 * Starts a command inside the rehearsal: its network, its mounts, its processes.
 * @throws when the rehearsal does not run.
 */
export function enter(
  rehearsal: Rehearsal,
  argv: readonly string[],
  options: EnterOptions = {},
): Entered {
  const record = requireRecord(rehearsal);
  const cwd = options.cwd ?? process.cwd();
  const environment = options.env ?? process.env;
  const [command = "false", ...rest] = enterCommand(record, argv, cwd);
  const child = spawn(command, rest, {
    env: { ...environment, PATH: toolPath(environment.PATH), PWD: cwd },
    stdio: options.stdio ?? "inherit",
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (signal === null) resolve({ code: code ?? 1 });
      else resolve({ code: 128 + (signalNumbers[signal] ?? 0), signal });
    });
  });
  return { process: child, ended, kill: (signal) => killInside(child, signal, insideOf(record)) };
}

/**
 * Runs a command inside the rehearsal to its end, passing on the signals that this process gets
 * meanwhile.
 * @throws when the rehearsal does not run.
 */
export async function runEntered(
  rehearsal: Rehearsal,
  argv: readonly string[],
  options: EnterOptions = {},
): Promise<Ended> {
  const entered = enter(rehearsal, argv, options);
  const forwarded: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  // A terminal sends its interrupt to the whole foreground group, so the command has it already.
  const forward = (signal: NodeJS.Signals): void => {
    if (!(process.stdin.isTTY === true && signal === "SIGINT")) entered.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  try {
    return await entered.ended;
  } finally {
    for (const signal of forwarded) process.off(signal, forward);
  }
}

/**
 * Runs a short command inside the rehearsal and returns what it printed. `input` goes to its
 * standard input.
 */
export async function runInside(
  rehearsal: Rehearsal,
  argv: readonly string[],
  options: {
    readonly input?: string;
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<Output> {
  const entered = enter(rehearsal, argv, {
    cwd: options.cwd ?? "/",
    ...(options.env === undefined ? {} : { env: options.env }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = entered.process;
  const texts = { stdout: "", stderr: "" };
  stdout?.setEncoding("utf8").on("data", (part: string) => {
    texts.stdout += part;
  });
  stderr?.setEncoding("utf8").on("data", (part: string) => {
    texts.stderr += part;
  });
  // A command may end before it has read everything; its exit code tells more than our broken pipe.
  stdin?.on("error", () => undefined);
  stdin?.end(options.input ?? "");
  return { ...(await entered.ended), ...texts };
}

/** From outside, our child is `nsenter`, which has the command as its own child. */
function killInside(child: ChildProcess, signal: NodeJS.Signals, inside: boolean): void {
  if (child.pid === undefined) return;
  const command = inside ? child.pid : (childOf(child.pid) ?? child.pid);
  try {
    process.kill(command, signal);
  } catch {
    // It ended in between.
  }
}

function childOf(parent: number): number | undefined {
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[1]) === parent) return Number(entry);
    } catch {
      // A process that ended while we looked.
    }
  }
  return undefined;
}
