import { readFileSync } from "node:fs";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { rehearsalOf } from "../../../rehearsal/folders";
import { knownHostsFile } from "../../../rehearsal/hosts/host-keys";
import { assertInsideRehearsal } from "../../../rehearsal/keeper/inside";

/** One login at one host, and what to do there. */
export interface SshJob {
  readonly address: string;
  readonly port?: number;
  readonly user: string;
  readonly password?: string;
  readonly privateKey?: string;
  /** `ssh-ed25519 AAAA…` to expect instead of the pinned one. */
  readonly expectedKey?: string;
  /** Host to go through. */
  readonly through?: SshJob;
  readonly command?: string;
  readonly stdin?: string;
  readonly pty?: boolean;
  readonly environment?: Record<string, string>;
  readonly upload?: { readonly path: string; readonly text: string };
}

export interface SshResult {
  /** Why no login came about. */
  readonly error?: string;
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What is given to this script on standard input when it runs as a program inside a rehearsal. */
export interface SshRequest {
  readonly site: string;
  readonly rehearsals: string;
  readonly jobs: readonly SshJob[];
}

type Pins = ReadonlyMap<string, string>;

function readPins(file: string): Pins {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]),
  );
}

async function login(job: SshJob, pins: Pins): Promise<Client[]> {
  const port = job.port ?? 22;
  const before = job.through === undefined ? [] : await login(job.through, pins);
  const jump = before.at(-1);
  const place = port === 22 ? job.address : `[${job.address}]:${port}`;
  const expected = job.expectedKey ?? pins.get(place);
  const config: ConnectConfig = {
    host: job.address,
    port,
    username: job.user,
    readyTimeout: 4000,
    hostVerifier: (key: Buffer) => `ssh-ed25519 ${key.toString("base64")}` === expected,
    ...(job.password === undefined ? {} : { password: job.password }),
    ...(job.privateKey === undefined ? {} : { privateKey: job.privateKey }),
  };
  if (jump !== undefined) {
    config.sock = await new Promise<ClientChannel>((resolve, reject) => {
      jump.forwardOut("127.0.0.1", 0, job.address, port, (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });
  }
  const client = new Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).once("error", reject).connect(config);
    });
  } catch (error) {
    for (const open of before) open.end();
    throw error;
  }
  client.on("error", () => undefined);
  return [...before, client];
}

function upload(client: Client, path: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => {
      if (error) reject(error);
      else sftp.writeFile(path, text, (fault) => (fault ? reject(fault) : resolve()));
    });
  });
}

function execute(client: Client, job: SshJob, command: string): Promise<SshResult> {
  return new Promise((resolve, reject) => {
    const options = { pty: job.pty ?? false, env: job.environment ?? {} };
    client.exec(command, options, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let stdout = "";
      let stderr = "";
      channel.on("data", (part: Buffer) => {
        stdout += part.toString();
      });
      channel.stderr.on("data", (part: Buffer) => {
        stderr += part.toString();
      });
      channel.on("close", (code: number | null) => resolve({ code: code ?? 255, stdout, stderr }));
      channel.end(job.stdin ?? "");
    });
  });
}

async function perform(job: SshJob, pins: Pins): Promise<SshResult> {
  let clients: Client[] = [];
  try {
    clients = await login(job, pins);
    const client = clients.at(-1);
    if (client === undefined) throw new Error("no connection");
    if (job.upload !== undefined) await upload(client, job.upload.path, job.upload.text);
    return await execute(client, job, job.command ?? "true");
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const client of clients) client.end();
  }
}

async function main(): Promise<void> {
  const request = JSON.parse(readFileSync(0, "utf8")) as SshRequest;
  const rehearsal = rehearsalOf(request.site, { SITEWRIGHT_REHEARSALS: request.rehearsals });
  assertInsideRehearsal(rehearsal);
  const pins = readPins(knownHostsFile(rehearsal));
  const results = await Promise.all(request.jobs.map((job) => perform(job, pins)));
  process.stdout.write(JSON.stringify(results));
}

if (require.main === module) void main();
