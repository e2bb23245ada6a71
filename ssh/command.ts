import type { ClientChannel } from "ssh2";
import { tooLong, tooMuch } from "./command-error";
import { LineSplitter } from "./line-splitter";
import type { SshError } from "./ssh-error";
import { sudoProblem, sudoSilent } from "./sudo";
import { describeHost, type SshTarget } from "./target";

/** Most that a command may print before it is stopped: nothing of ours needs more. */
const OUTPUT_CAP_MIB = 32;

/** Bound for sudo to take or refuse the password. */
const SUDO_SECONDS = 30;

export interface ExecOptions {
  /** Sent to the command's standard input, then closed; without it standard input is closed at once. */
  readonly stdin?: string | Buffer;
  /** Run as root, by whatever way the target allows. Default false. */
  readonly sudo?: boolean;
  /** The command is stopped and an error thrown after this time. Default 60. */
  readonly timeoutSeconds?: number;
  /** Called with each whole line of standard output as it comes. */
  readonly onStdoutLine?: (line: string) => void;
  /** Called with the bytes of standard output as they come. */
  readonly onStdout?: (chunk: Buffer) => void;
  /** False for output without end: `stdout` of the result stays empty and no cap applies. Default true. */
  readonly keepStdout?: boolean;
}

export interface ExecResult {
  /** Exit status; 128 + n is not invented: a command ended by a signal has `signal`. */
  readonly code: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Follows a command on its channel to its end, and feeds it. With `mark` the command runs by sudo, see sudoCommand.
 * `lost` makes the error for a channel that ended without a status.
 */
export function followCommand(
  target: SshTarget,
  channel: ClientChannel,
  options: ExecOptions,
  mark: string | undefined,
  lost: () => SshError,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    let ready = mark === undefined;
    let ended: { code: number; signal?: string } | undefined;
    let problem: SshError | undefined;
    const host = describeHost(target);
    const lines = options.onStdoutLine ? new LineSplitter(options.onStdoutLine) : undefined;
    // Not waiting for the far end to agree: a host that hangs does not close its channels either.
    const stop = (error: SshError) => {
      problem ??= error;
      channel.signal("KILL");
      channel.close();
      finish();
    };
    const seconds = options.timeoutSeconds ?? 60;
    const timer = setTimeout(() => stop(tooLong(host, seconds)), seconds * 1000);
    const sudoTimer = ready
      ? undefined
      : setTimeout(() => stop(sudoSilent(target)), SUDO_SECONDS * 1000);
    const feed = () => {
      if (mark !== undefined) channel.write(`${mark}\n`);
      channel.end(options.stdin ?? "");
    };
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > OUTPUT_CAP_MIB * 1024 * 1024) stop(tooMuch(host, OUTPUT_CAP_MIB));
    };

    channel.on("data", (chunk: Buffer) => {
      options.onStdout?.(chunk);
      lines?.push(chunk);
      if (options.keepStdout === false) return;
      count(chunk);
      stdout.push(chunk);
    });
    channel.stderr.on("data", (chunk: Buffer) => {
      count(chunk);
      stderr.push(chunk);
      if (ready || mark === undefined) return;
      const said = Buffer.concat(stderr).toString("utf8");
      if (said.includes(mark)) {
        ready = true;
        clearTimeout(sudoTimer);
        feed();
      } else if (/Sorry, try again/.test(said)) {
        // Ends sudo's further tries: nothing more is offered as a password.
        channel.end();
      }
    });
    // A command that closes its input early must not fail the run.
    channel.on("error", () => {});
    channel.on("exit", (code: number | null, signal?: string) => {
      ended = { code: code ?? 255, ...(signal ? { signal } : {}) };
    });
    const finish = () => {
      clearTimeout(timer);
      clearTimeout(sudoTimer);
      lines?.end();
      if (problem) return reject(problem);
      if (!ended) return reject(lost());
      const said = Buffer.concat(stderr).toString("utf8");
      if (!ready) {
        const sudo = sudoProblem(target, said) ?? sudoSilent(target, said);
        return reject(sudo);
      }
      const shown = mark === undefined ? said : said.replace(`${mark}\n`, "");
      resolve({ ...ended, stdout: Buffer.concat(stdout).toString("utf8"), stderr: shown });
    };
    channel.on("close", finish);
    if (ready) feed();
    else if (target.sudo === "password") channel.write(`${target.password ?? ""}\n`);
  });
}
