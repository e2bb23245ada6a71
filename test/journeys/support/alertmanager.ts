import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alertmanagerAt } from "../../../cli/alerts/pod";
import type { AlertmanagerPod } from "../../../cli/alerts/test-run";
import { fileValues } from "../../../components/monitoring/alertmanager";
import { alertmanagerConfig } from "../../../components/monitoring/alertmanager-config";
import { messageTemplateFile } from "../../../components/monitoring/message-templates";
import type { NotificationBlueprint } from "../../../site/alerting/notification-types";
import { program } from "./programs";

/** A real Alertmanager on loopback, configured as a site's is. */
export class Alertmanager {
  readonly url: string;
  /** As the command sees it. */
  readonly pod: AlertmanagerPod;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #said: string[] = [];

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.pod = alertmanagerAt(this.url, async () => this.log);
    this.#process = spawn(
      program("alertmanager"),
      [
        `--config.file=${folder}/alertmanager.yaml`,
        `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
        "--enable-feature=receiver-name-in-metrics",
        "--log.format=json",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process.stderr?.on("data", (chunk: Buffer) => this.#said.push(chunk.toString("utf8")));
  }

  /** Starts one with the files that its Secrets would bring it, and waits until it is ready. */
  static async start(
    notification: NotificationBlueprint,
    secrets: Readonly<Record<string, string>>,
  ): Promise<Alertmanager> {
    const folder = mkdtempSync(join(tmpdir(), "sitewright-alertmanager-"));
    const folders = { templates: folder, secrets: join(folder, "secrets") };
    mkdirSync(folders.secrets);
    writeFileSync(join(folder, "alertmanager.yaml"), alertmanagerConfig(notification, folders));
    writeFileSync(join(folder, "sitewright.tmpl"), messageTemplateFile(notification));
    for (const [file, value] of Object.entries(fileValues(notification, secrets))) {
      writeFileSync(join(folders.secrets, file), value);
    }
    const started = new Alertmanager(folder, await freePort());
    await started.#ready();
    return started;
  }

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
    for (let tries = 0; tries < 100; tries++) {
      if (this.#process.exitCode !== null) break;
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok === true) return;
      await sleep(100);
    }
    const { log } = this;
    await this.stop();
    throw new Error(`Alertmanager did not become ready:\n${log}`);
  }
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
