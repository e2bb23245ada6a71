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

/** Messages as amtool makes them of our templates. */
describe("Messages, by amtool", function () {
  this.timeout(60_000);
  const amtool = program("amtool");
  const folder = mkdtempSync(join(tmpdir(), "sitewright-messages-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const begun = "2026-11-22T01:00:00Z";
  const alert = (at: number, over = false) => ({
    status: over ? "resolved" : "firing",
    labels: { alertname: "PodLost", severity: "critical", namespace: "parcels", pod: `api-${at}` },
    annotations: {
      summary: `"api-${at}" <gone>`,
      description: "a: b",
      runbook: "1. Look.\n2. Mend.",
    },
    startsAt: begun,
    endsAt: over ? "2026-11-22T02:00:00Z" : "0001-01-01T00:00:00Z",
  });

  function rendered(template: string, language: "en" | "zh", alerts: readonly object[]): string {
    const [first] = alerts as readonly ReturnType<typeof alert>[];
    const common = alerts.length === 1 ? first?.annotations : {};
    const data = {
      receiver: "chat",
      status: alerts.some((one) => Reflect.get(one, "status") === "firing") ? "firing" : "resolved",
      alerts,
      groupLabels: { alertname: "PodLost" },
      commonLabels: { alertname: "PodLost", severity: "critical" },
      commonAnnotations: common,
    };
    writeFileSync(join(folder, "data.json"), JSON.stringify(data));
    const place = { site: "site-t", language, timezone: "Asia/Shanghai" };
    writeFileSync(join(folder, "messages.tmpl"), messageTemplateFile(place));
    return execFileSync(
      amtool,
      [
        ...["template", "render", `--template.glob=${folder}/*.tmpl`],
        ...[`--template.data=${folder}/data.json`],
        `--template.text={{ template "${template}" . }}`,
      ],
      { encoding: "utf8" },
    ).trim();
  }

  it("tell of one alert in full, and that it is over, in either language", () => {
    assert.equal(
      rendered("sitewright.chat", "en", [alert(1)]),
      [
        '[site-t] CRITICAL: "api-1" <gone>',
        ...["", '"api-1" <gone>', "Severity: CRITICAL", "About: namespace=parcels pod=api-1"],
        ...["What it means: a: b", "Since: 2026-11-22 09:00:00 CST"],
        ...["What to do:", "1. Look.", "2. Mend."],
      ].join("\n"),
    );
    assert.equal(
      rendered("sitewright.text", "zh", [alert(1, true)]),
      [
        '[site-t] 已恢复: "api-1" <gone>',
        ...["", '已恢复: "api-1" <gone>', "级别: 严重", "对象: namespace=parcels pod=api-1"],
        ...["影响: a: b", "开始时间: 2026-11-22 09:00:00 CST", "恢复时间: 2026-11-22 10:00:00 CST"],
      ].join("\n"),
    );
  });

  it("mark in a message of several what is over, and count what they leave out", () => {
    const many = [alert(1, true), ...[2, 3, 4, 5, 6].map((at) => alert(at))];
    const lines = rendered("sitewright.chat", "en", many).split("\n");
    assert.equal(lines[0], "[site-t] CRITICAL: PodLost (6)");
    assert.deepEqual(
      lines.filter((line) => line.includes("<gone>")),
      ['RECOVERED: "api-1" <gone>', ...[2, 3, 4].map((at) => `"api-${at}" <gone>`)],
    );
    assert.equal(lines.at(-1), "Alerts shown: 4/6");
  });

  it("are texts in JSON too, whatever rules say", () => {
    for (const [plain, json] of [
      ["sitewright.title", "sitewright.title.json"],
      ["sitewright.chat", "sitewright.chat.json"],
    ] as const) {
      const alerts = [alert(1)];
      assert.equal(JSON.parse(rendered(json, "zh", alerts)), rendered(plain, "zh", alerts));
    }
    const short = JSON.parse(
      rendered("sitewright.short.json", "en", [alert(1), alert(2), alert(3)]),
    );
    assert.equal(short, '[site-t] CRITICAL: PodLost (3)\n"api-1" <gone>\n"api-2" <gone>');
  });
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
