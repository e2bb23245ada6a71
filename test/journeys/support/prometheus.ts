import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { prometheusGroups } from "../../../components/monitoring/prometheus-rule";
import type { RuleFile } from "../../../site/alerting/rule-types";
import { LoopbackServer, serverFolder } from "./loopback-server";

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
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.#server = server;
    this.url = server.url;
  }

  static async start(settings: PrometheusSettings): Promise<Prometheus> {
    const { jobs, labels = {}, externalLabels = {}, rules, alertmanager } = settings;
    const folder = serverFolder("prometheus");
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
    const server = await LoopbackServer.start("prometheus", folder, [
      `--config.file=${folder}/prometheus.yaml`,
      // What fires before Alertmanager is found would be said again after a minute only.
      "--rules.alert.resend-delay=2s",
      `--storage.tsdb.path=${folder}/data`,
    ]);
    return new Prometheus(server);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
