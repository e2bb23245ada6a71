import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel, SFTPWrapper } from "ssh2";
import { LineSplitter } from "./line-splitter";
import { SshError } from "./ssh-error";
import { sudoCommand, sudoProblem } from "./sudo";
import { describeHost, type SshTarget } from "./target";
import { checkHostKey, dialDirect, dialThrough, forwardError, logIn } from "./transport";

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

/** An open, verified, logged-in connection to one host. */
export interface SshConnection {
  readonly target: SshTarget;
  /** Runs a line of POSIX shell. A status other than 0 is a result, not an error. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** As `exec`, but a status other than 0 throws; `what` completes "could not …". Returns standard output. */
  run(what: string, command: string, options?: ExecOptions): Promise<string>;
  /** SFTP session, opened once. */
  sftp(): Promise<SFTPWrapper>;
  /** A stream to an address as this host sees it. */
  forward(address: string, port: number): Promise<Duplex>;
  /** False once the connection is gone. */
  readonly open: boolean;
  close(): void;
}

/** Opens a connection, through the bastion when there is one. Throws SshError. */
export async function connect(target: SshTarget): Promise<SshConnection> {
  const hops: Client[] = [];
  try {
    let socket: Duplex;
    requirePin(target, target);
    if (target.bastion) {
      requirePin(target, target.bastion);
      const outer = await dialDirect(target.bastion, target.timeoutSeconds);
      const bastion = await logIn(target.bastion, target.site, outer, target.timeoutSeconds);
      hops.push(bastion);
      socket = await dialThrough(bastion, target.bastion, target, target.timeoutSeconds);
    } else {
      socket = await dialDirect(target, target.timeoutSeconds);
    }
    const client = await logIn(target, target.site, socket, target.timeoutSeconds);
    return new OpenConnection(target, client, hops);
  } catch (error) {
    for (const hop of hops) hop.end();
    throw error;
  }
}

/** Says that a host is not trusted yet before anything is sent to it. */
function requirePin(target: SshTarget, login: Parameters<typeof checkHostKey>[0]): void {
  if (login.hostKeys.length > 0) return;
  const problem = checkHostKey(login, target.site, Buffer.alloc(0));
  if (problem) throw problem;
}

class OpenConnection implements SshConnection {
  readonly target: SshTarget;
  private readonly client: Client;
  private readonly hops: readonly Client[];
  private session: Promise<SFTPWrapper> | undefined;
  private alive = true;

  constructor(target: SshTarget, client: Client, hops: readonly Client[]) {
    this.target = target;
    this.client = client;
    this.hops = hops;
    client.on("close", () => {
      this.alive = false;
      for (const hop of hops) hop.end();
    });
  }

  get open(): boolean {
    return this.alive;
  }

  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const { sudo } = this.target;
    if (!options.sudo || sudo === "none") return this.start(command, options, undefined);
    const mark = `sitewright-${randomBytes(12).toString("hex")}`;
    return this.start(sudoCommand(sudo, command, mark), options, mark);
  }

  async run(what: string, command: string, options: ExecOptions = {}): Promise<string> {
    const result = await this.exec(command, options);
    if (result.code === 0) return result.stdout;
    throw commandError(this.target, what, result);
  }

  sftp(): Promise<SFTPWrapper> {
    this.session ??= new Promise((resolve, reject) => {
      this.client.sftp((error, session) => {
        if (!error) return resolve(session);
        const host = describeHost(this.target);
        reject(
          new SshError(
            this.alive ? "no-sftp" : "connection-lost",
            host,
            `${host} offers no SFTP: ${error.message}`,
            "enable the sftp subsystem in sshd_config; kk needs it too",
          ),
        );
      });
    });
    return this.session;
  }

  forward(address: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut("127.0.0.1", 0, address, port, (error, channel) => {
        if (!error) return resolve(channel);
        const end = { name: address, address, port, user: "", hostKeys: [] };
        reject(forwardError(this.target, end, error));
      });
    });
  }

  close(): void {
    this.client.end();
    for (const hop of this.hops) hop.end();
  }

  private start(line: string, options: ExecOptions, mark: string | undefined): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return reject(this.lost());
      // The callback never comes when the connection goes down first.
      const gone = () => reject(this.lost());
      this.client.once("close", gone);
      try {
        this.client.exec(line, (error, channel) => {
          this.client.removeListener("close", gone);
          if (error) return reject(this.alive ? this.noChannel(error) : this.lost());
          this.follow(channel, options, mark).then(resolve, reject);
        });
      } catch {
        reject(this.lost());
      }
    });
  }

  private follow(
    channel: ClientChannel,
    options: ExecOptions,
    mark: string | undefined,
  ): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let bytes = 0;
      let ready = mark === undefined;
      let ended: { code: number; signal?: string } | undefined;
      let problem: SshError | undefined;
      const host = describeHost(this.target);
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
        : setTimeout(() => stop(sudoSilent(this.target)), SUDO_SECONDS * 1000);
      const feed = () => {
        if (mark !== undefined) channel.write(`${mark}\n`);
        channel.end(options.stdin ?? "");
      };
      const count = (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > OUTPUT_CAP_MIB * 1024 * 1024) stop(tooMuch(host));
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
        if (!ended) return reject(this.lost());
        const said = Buffer.concat(stderr).toString("utf8");
        if (!ready) {
          const sudo = sudoProblem(this.target, said) ?? sudoSilent(this.target, said);
          return reject(sudo);
        }
        const shown = mark === undefined ? said : said.replace(`${mark}\n`, "");
        resolve({ ...ended, stdout: Buffer.concat(stdout).toString("utf8"), stderr: shown });
      };
      channel.on("close", finish);
      if (ready) feed();
      else if (this.target.sudo === "password") channel.write(`${this.target.password ?? ""}\n`);
    });
  }

  private lost(): SshError {
    const host = describeHost(this.target);
    return new SshError(
      "connection-lost",
      host,
      `the connection to ${host} was lost`,
      "run the same command again; work that was started there goes on and is picked up",
    );
  }

  private noChannel(error: Error): SshError {
    const host = describeHost(this.target);
    return new SshError(
      "command-failed",
      host,
      `${host} does not run commands for ${this.target.user}: ${error.message}`,
      "check the login shell of this user, and ForceCommand and MaxSessions in sshd_config",
    );
  }
}

/** Error for a command that ended with another status than 0; names a full disk as such. */
export function commandError(target: SshTarget, what: string, result: ExecResult): SshError {
  const host = describeHost(target);
  const said = result.stderr.trim() || result.stdout.trim();
  const full = /^.*(No space left on device|Disk quota exceeded).*$/im.exec(said);
  if (full) {
    return new SshError(
      "disk-full",
      host,
      `${host}: could not ${what}: the disk is full (${full[0].trim()})`,
      "free space there (df -h), then run the same command again",
    );
  }
  const how = result.signal ? `signal ${result.signal}` : `status ${result.code}`;
  return new SshError(
    "command-failed",
    host,
    `${host}: could not ${what} (${how})${said ? `: ${lastLines(said, 5)}` : ""}`,
    "look at the message above, put it right on the host, then run the same command again",
  );
}

function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n").slice(-2000);
}

function tooLong(host: string, seconds: number): SshError {
  return new SshError(
    "command-timeout",
    host,
    `${host}: a command did not end within ${seconds} s and was stopped`,
    "look at the load of the host (uptime, dmesg), then run the same command again",
  );
}

function tooMuch(host: string): SshError {
  return new SshError(
    "output-too-large",
    host,
    `${host}: a command printed more than ${OUTPUT_CAP_MIB} MiB and was stopped`,
    "look at the log on the host",
  );
}

function sudoSilent(target: SshTarget, said = ""): SshError {
  const host = describeHost(target);
  return new SshError(
    "sudo-refused",
    host,
    `${host}: sudo did not start a shell for ${target.user}${said.trim() ? `: ${lastLines(said.trim(), 3)}` : ""}`,
    "try `sudo -v` there by hand; sudo must work without a terminal for this user",
  );
}
