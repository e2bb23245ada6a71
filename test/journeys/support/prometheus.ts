import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { prometheusGroups } from "../../../components/monitoring/prometheus-rule";
import type { RuleFile } from "../../../site/alerting/rule-types";
import { freePort } from "./alertmanager";
import { program } from "./programs";

export interface PrometheusSettings {
  /** Addresses that are read, by job. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
  /** Labels of everything that is read, by job. */
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Labels of all that leaves it. */
  readonly externalLabels?: Readonly<Record<string, string>>;
  readonly rules: readonly RuleFile[];
  /** Where alerts go, as `127.0.0.1:9093`; absent: nowhere. */
  readonly alertmanager?: string;
}

/** A real Prometheus on loopback that looks every second. */
export class Prometheus {
  readonly url: string;
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #said: string[] = [];

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#process = spawn(
      program("prometheus"),
      [
        `--config.file=${folder}/prometheus.yaml`,
        // What fires before Alertmanager is found would be said again after a minute only.
        "--rules.alert.resend-delay=2s",
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#process.stderr?.on("data", (chunk: Buffer) => this.#said.push(chunk.toString("utf8")));
  }

  static async start(settings: PrometheusSettings): Promise<Prometheus> {
    const { jobs, labels = {}, externalLabels = {}, rules, alertmanager } = settings;
    const folder = mkdtempSync(join(tmpdir(), "sitewright-prometheus-"));
    const groups = rules.flatMap((file) => prometheusGroups(file).groups);
    writeFileSync(join(folder, "rules.yaml"), stringify({ groups }, { lineWidth: 0 }));
    const config = {
      global: {
        scrape_interval: "1s",
        evaluation_interval: "1s",
        external_labels: externalLabels,
      },
      rule_files: ["rules.yaml"],
      ...(alertmanager !== undefined && {
        alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      }),
      scrape_configs: Object.entries(jobs).map(([job, targets]) => ({
        job_name: job,
        static_configs: [{ targets, labels: labels[job] ?? {} }],
      })),
    };
    writeFileSync(join(folder, "prometheus.yaml"), stringify(config, { lineWidth: 0 }));
    const started = new Prometheus(folder, await freePort());
    await started.#ready();
    return started;
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
    const said = this.#said.join("");
    await this.stop();
    throw new Error(`Prometheus did not become ready:\n${said}`);
  }
}
