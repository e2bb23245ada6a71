import { randomBytes } from "node:crypto";
import { Client, type SFTPWrapper } from "ssh2";

/** How kk logs in to a host, as its config says. */
export interface Login {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  /** Text of an OpenSSH or PEM key without a passphrase. */
  readonly privateKey?: string;
  readonly timeoutSeconds: number;
}

/** A script on a host ended with an error. The message holds what it printed. */
export class RemoteFailure extends Error {
  override readonly name = "RemoteFailure";
  readonly exitCode: number;
  readonly output: string;

  constructor(what: string, exitCode: number, output: string) {
    super(`Failed to exec command: ${what} \n${output}: Process exited with status ${exitCode}`);
    this.exitCode = exitCode;
    this.output = output;
  }
}

/**
 * One host over SSH as the real kk uses it: password or key only, a terminal for every command, host keys never
 * verified, root through `sudo -E` with the password typed at the prompt.
 */
export class RemoteHost {
  readonly login: Login;
  private client: Promise<Client> | undefined;
  private sftp: Promise<SFTPWrapper> | undefined;

  constructor(login: Login) {
    this.login = login;
  }

  close(): void {
    void this.client?.then((client) => client.end()).catch(() => undefined);
    this.client = undefined;
    this.sftp = undefined;
  }

  /** Runs one command line as the login itself. */
  async run(command: string): Promise<string> {
    const result = await this.exec(command);
    if (result.exitCode !== 0) throw new RemoteFailure(command, result.exitCode, result.output);
    return result.output;
  }

  /**
   * Runs a script as root and returns what it printed.
   * @param what Says in an error what the script was to do; its text may hold secrets.
   */
  async sudo(what: string, script: string): Promise<string> {
    const path = `/tmp/kubekey/${randomBytes(6).toString("hex")}.sh`;
    const sftp = await this.files();
    await new Promise<void>((resolve) =>
      sftp.mkdir("/tmp/kubekey", { mode: 0o777 }, () => resolve()),
    );
    await new Promise<void>((resolve, reject) =>
      sftp.writeFile(path, script, { mode: 0o600 }, (error) => (error ? reject(error) : resolve())),
    );
    const line = `/bin/bash ${path}; code=\\$?; rm -f ${path}; exit \\$code`;
    const result = await this.exec(`sudo -E /bin/bash -c "${line}"`);
    if (result.exitCode !== 0) throw new RemoteFailure(what, result.exitCode, result.output);
    return result.output;
  }

  /** Sends a local file; the login must be able to write there. */
  async send(localPath: string, remotePath: string): Promise<void> {
    const sftp = await this.files();
    await new Promise<void>((resolve, reject) =>
      sftp.fastPut(localPath, remotePath, (error) => (error ? reject(error) : resolve())),
    );
  }

  private connect(): Promise<Client> {
    const { login } = this;
    this.client ??= new Promise<Client>((resolve, reject) => {
      const client = new Client();
      client.on("ready", () => resolve(client));
      client.on("error", (error) =>
        reject(new Error(`failed to connect to ${login.address}: ${dialText(login, error)}`)),
      );
      client.on("close", () => {
        this.client = undefined;
        this.sftp = undefined;
      });
      client.connect({
        host: login.address,
        port: login.port,
        username: login.user,
        readyTimeout: login.timeoutSeconds * 1000,
        ...(login.password === undefined ? {} : { password: login.password }),
        ...(login.privateKey === undefined ? {} : { privateKey: login.privateKey }),
      });
    });
    this.client.catch(() => {
      this.client = undefined;
    });
    return this.client;
  }

  private files(): Promise<SFTPWrapper> {
    this.sftp ??= this.connect().then(
      (client) =>
        new Promise<SFTPWrapper>((resolve, reject) =>
          client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
        ),
    );
    this.sftp.catch(() => {
      this.sftp = undefined;
    });
    return this.sftp;
  }

  private async exec(command: string): Promise<{ exitCode: number; output: string }> {
    const client = await this.connect();
    return new Promise((resolve, reject) => {
      client.exec(command, { pty: { term: "xterm", modes: { ECHO: 0 } } }, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        let output = "";
        let exitCode = -1;
        let answeredTo = -1;
        channel.on("data", (chunk: Buffer) => {
          output += chunk.toString("utf8");
          const lineStart = output.lastIndexOf("\n") + 1;
          const line = output.slice(lineStart);
          // As the real one: any prompt is answered, again and again, with the same password.
          if (
            /^(\[sudo\] password for |Password).*: $/.test(line) &&
            answeredTo !== output.length
          ) {
            answeredTo = output.length;
            channel.write(`${this.login.password ?? ""}\n`);
          }
        });
        channel.stderr.on("data", (chunk: Buffer) => {
          output += chunk.toString("utf8");
        });
        channel.on("exit", (code: number | null) => {
          exitCode = code ?? -1;
        });
        channel.on("close", () => resolve({ exitCode, output: withoutPrompt(output) }));
      });
    });
  }
}

function withoutPrompt(output: string): string {
  return output
    .replaceAll("\r", "")
    .replace(/^\[sudo\] password for [^:]*: ?\n?/, "")
    .trim();
}

function dialText(login: Login, error: Error & { level?: string; code?: string }): string {
  if (error.level === "client-authentication") {
    return `ssh: handshake failed: ssh: unable to authenticate, attempted methods [none ${
      login.privateKey === undefined ? "password" : "publickey"
    }], no supported methods remain`;
  }
  const target = `dial tcp ${login.address}:${login.port}`;
  if (error.code === "ECONNREFUSED") return `${target}: connect: connection refused`;
  if (error.code === "EHOSTUNREACH") return `${target}: connect: no route to host`;
  if (error.code === "ENETUNREACH") return `${target}: connect: network is unreachable`;
  if (error.level === "client-timeout") return `${target}: i/o timeout`;
  return `${target}: ${error.message}`;
}
