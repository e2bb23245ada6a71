import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { alertmanagerAt } from "../../../cli/alerts/pod";
import type { AlertmanagerPod } from "../../../cli/alerts/test-run";
import { fileValues } from "../../../components/monitoring/alertmanager";
import { alertmanagerConfig } from "../../../components/monitoring/alertmanager-config";
import { messageTemplateFile } from "../../../components/monitoring/message-templates";
import type { NotificationBlueprint } from "../../../site/alerting/notification-types";
import { LoopbackServer, serverFolder } from "./loopback-server";

/** A real Alertmanager on loopback, configured as a site's is. */
export class Alertmanager {
  readonly url: string;
  /** As the command sees it. */
  readonly pod: AlertmanagerPod;
  readonly #server: LoopbackServer;

  private constructor(server: LoopbackServer) {
    this.#server = server;
    this.url = server.url;
    this.pod = alertmanagerAt(this.url, async () => server.log);
  }

  /** Starts one with the files that its Secrets would bring it, and waits until it is ready. */
  static async start(
    notification: NotificationBlueprint,
    secrets: Readonly<Record<string, string>>,
  ): Promise<Alertmanager> {
    const folder = serverFolder("alertmanager");
    const folders = { templates: folder, secrets: join(folder, "secrets") };
    mkdirSync(folders.secrets);
    writeFileSync(join(folder, "alertmanager.yaml"), alertmanagerConfig(notification, folders));
    writeFileSync(join(folder, "sitewright.tmpl"), messageTemplateFile(notification));
    for (const [file, value] of Object.entries(fileValues(notification, secrets))) {
      writeFileSync(join(folders.secrets, file), value);
    }
    const server = await LoopbackServer.start("alertmanager", folder, [
      `--config.file=${folder}/alertmanager.yaml`,
      `--storage.path=${folder}/data`,
      "--cluster.listen-address=",
      "--enable-feature=receiver-name-in-metrics",
      "--log.format=json",
    ]);
    return new Alertmanager(server);
  }

  get log(): string {
    return this.#server.log;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
