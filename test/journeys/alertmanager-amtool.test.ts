import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { alertmanagerConfig } from "../../components/monitoring/alertmanager-config";
import { messageTemplateFile } from "../../components/monitoring/message-templates";
import { notificationBlueprint, severities } from "../../site/alerting/notification";
import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import { toldOfAlert } from "../../site/alerting/routing";
import { ownReceivers, testLabel, watchdogAlert } from "../../site/alerting/special-labels";
import { alertsSchema } from "../../site/schema/alerts";
import { anyAlerts } from "../support/any-alerts";
import { sampleSite } from "../support/sites";
import { program } from "./support/programs";

/** What amtool, which reads configurations with Alertmanager's own code, says of ours. */
describe("Configurations of Alertmanager, by amtool", function () {
  this.timeout(300_000);
  const amtool = program("amtool");
  const folder = mkdtempSync(join(tmpdir(), "sitewright-amtool-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const generated = fc
    .sample(anyAlerts, { seed: 2026, numRuns: 8 })
    .map((alerts, at): readonly [string, NotificationBlueprint | undefined] => [
      `generated settings ${at + 1}`,
      notificationBlueprint("site-t", {
        alerts: alertsSchema.parse(alerts),
        timezone: at % 2 === 0 ? "Asia/Shanghai" : "Etc/UTC",
      }),
    ]);
  const samples = (["site-a", "site-b"] as const).map(
    (name) => [name, notificationBlueprint(name, sampleSite(name).site)] as const,
  );

  for (const [at, [title, notification]] of [...samples, ...generated].entries()) {
    if (notification === undefined) throw new Error(`${title} has no alerts`);
    const own = join(folder, String(at));
    const file = `${own}.yaml`;

    before(() => {
      writeFileSync(`${own}.tmpl`, messageTemplateFile(notification));
      writeFileSync(
        file,
        alertmanagerConfig(notification, { templates: own, secrets: `${folder}/secrets` }).replace(
          `${own}/*.tmpl`,
          `${own}.tmpl`,
        ),
      );
    });

    it(`are sound for ${title}`, () => {
      const said = execFileSync(amtool, ["check-config", file], { encoding: "utf8" });
      assert.match(said, /SUCCESS[\s\S]*1 templates\s+SUCCESS/);
    });

    it(`send every alert of ${title} where the model says`, () => {
      for (const labels of everyAlert(notification)) {
        const { receivers } = toldOfAlert(notification, labels, new Date());
        const wanted = receivers.length === 0 ? [ownReceivers.nobody] : receivers;
        const words = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
        const said = execFileSync(
          amtool,
          ["config", "routes", "test", `--config.file=${file}`, ...words],
          { encoding: "utf8" },
        );
        assert.deepEqual(said.trim().split(","), wanted, words.join(" "));
      }
    });
  }
});

/** Every severity, one nobody knows and none, of every team, one nobody knows and none; and what is special. */
function everyAlert({
  teams,
  receivers,
}: NotificationBlueprint): readonly Record<string, string>[] {
  const usual = [...severities, "page", undefined].flatMap((severity) =>
    [...teams.map(({ name }) => name), "nobodys", undefined].map((team, at) => ({
      alertname: "DiskFull",
      dimension: ["system", "service", "business"][at % 3] ?? "system",
      ...(severity !== undefined && { severity }),
      ...(team !== undefined && { team }),
    })),
  );
  const tests = [...receivers.map(({ name }) => name), "gone"].map((name) => ({
    alertname: "SitewrightTest",
    severity: "critical",
    [testLabel]: name,
  }));
  return [...usual, ...tests, { alertname: watchdogAlert, severity: "info", team: "platform" }];
}
