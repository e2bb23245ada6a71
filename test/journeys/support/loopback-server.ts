import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Program, program } from "./programs";

/** A real server of the Prometheus family on loopback, with a folder that goes when it stops. */
export class LoopbackServer {
  readonly url: string;
  readonly #name: Program;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #said: string[] = [];

  private constructor(name: Program, folder: string, port: number, args: readonly string[]) {
    this.url = `http://127.0.0.1:${port}`;
    this.#name = name;
    this.#folder = folder;
    this.#process = spawn(program(name), [`--web.listen-address=127.0.0.1:${port}`, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process.stderr?.on("data", (chunk: Buffer) => this.#said.push(chunk.toString("utf8")));
  }

  /** Starts one on a port of its own, and waits up to 20 s until it is ready. */
  static async start(
    name: Program,
    folder: string,
    args: readonly string[],
  ): Promise<LoopbackServer> {
    const started = new LoopbackServer(name, folder, await freePort(), args);
    await started.#ready();
    return started;
  }

  /** What it wrote until now. */
  get log(): string {
    return this.#said.join("");
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill("SIGTERM");
      await once(this.#process, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(100);
    }
    const { log } = this;
    await this.stop();
    throw new Error(`${this.#name} did not become ready:\n${log}`);
  }
}

/** A new folder for a server's files. */
export function serverFolder(name: Program): string {
  return mkdtempSync(join(tmpdir(), `sitewright-${name}-`));
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
