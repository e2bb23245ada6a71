import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Client, SFTPWrapper } from "ssh2";
import { type ExecOptions, type ExecResult, followCommand } from "./command";
import { commandError } from "./command-error";
import { SshError } from "./ssh-error";
import { sudoCommand } from "./sudo";
import { describeHost, type SshTarget } from "./target";
import { checkHostKey, dialDirect, dialThrough, forwardError, logIn } from "./transport";

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
    this.session ??= this.unlessLost((resolve, reject) => {
      this.client.sftp((error, session) => {
        if (!error) return resolve(session);
        if (!this.alive) return reject(this.lost());
        const host = describeHost(this.target);
        reject(
          new SshError(
            "no-sftp",
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
    return this.unlessLost((resolve, reject) => {
      this.client.forwardOut("127.0.0.1", 0, address, port, (error, channel) => {
        if (!error) return resolve(channel);
        if (!this.alive) return reject(this.lost());
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
    return this.unlessLost((resolve, reject) => {
      this.client.exec(line, (error, channel) => {
        if (error) return reject(this.alive ? this.noChannel(error) : this.lost());
        // Within the callback: output and end may stand in the very packet that calls it.
        resolve(followCommand(this.target, channel, options, mark, () => this.lost()));
      });
    });
  }

  /** Asks the client for something. Its callback never comes when the connection goes down first: that rejects. */
  private unlessLost<T>(
    work: (resolve: (value: T | PromiseLike<T>) => void, reject: (error: SshError) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (!this.alive) return reject(this.lost());
      const gone = () => reject(this.lost());
      const done = () => this.client.removeListener("close", gone);
      this.client.once("close", gone);
      try {
        work(
          (value) => {
            done();
            resolve(value);
          },
          (error) => {
            done();
            reject(error);
          },
        );
      } catch {
        done();
        reject(this.lost());
      }
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
