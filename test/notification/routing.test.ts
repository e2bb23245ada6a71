import assert from "node:assert/strict";
import { toldOfAlert } from "../../site/alerting/routing";
import { ruleFiles } from "../../site/alerting/rule-files";
import { silencings } from "../../site/alerting/silencing";
import { sampleSite } from "../support/sites";
import { notificationOf, someAlerts } from "./settings";

const notification = notificationOf(someAlerts());

/** 03:00 and 12:00 of Shanghai. */
const night = new Date("2026-11-02T19:00:00Z");
const noon = new Date("2026-11-02T04:00:00Z");

/** Labels, when, who is told, whether they are told later, and by which team. */
const cases: readonly (readonly [
  Record<string, string>,
  Date,
  readonly string[],
  boolean,
  string | undefined,
])[] = [
  [{ team: "platform", severity: "critical" }, night, ["mail", "phone"], false, "platform"],
  [{ team: "platform", severity: "warning" }, night, ["mail"], true, "platform"],
  [{ team: "platform", severity: "warning" }, noon, ["mail"], false, "platform"],
  [{ team: "platform", severity: "info" }, noon, [], false, "platform"],
  [{ team: "product", severity: "critical" }, night, ["chat", "wecom"], false, "product"],
  // Quiet hours are each team's own.
  [{ team: "product", severity: "warning" }, night, ["hook"], false, "product"],
  // What a team does not say is the default team's.
  [{ team: "product", severity: "info" }, noon, [], false, "product"],
  [{ team: "business", severity: "critical" }, noon, ["mail", "phone"], false, "platform"],
  [{ severity: "critical" }, noon, ["mail", "phone"], false, "platform"],
  // Better told than lost.
  [{ team: "product", severity: "page" }, noon, ["hook"], false, "product"],
  [{ team: "product" }, noon, ["hook"], false, "product"],
  [{ team: "constructor", severity: "constructor" }, noon, ["mail"], false, "platform"],
  [{ sitewright_test: "wecom", severity: "info" }, night, ["wecom"], false, undefined],
  [{ sitewright_test: "gone", severity: "critical" }, noon, [], false, undefined],
  [{ alertname: "Watchdog", severity: "critical" }, night, ["heartbeat"], false, undefined],
];

describe("An alert", () => {
  for (const [labels, moment, receivers, waits, team] of cases) {
    const when = moment === night ? "at night" : "at noon";
    it(`with ${JSON.stringify(labels)} ${when} is told to ${receivers.join(", ") || "nobody"}`, () => {
      const told = toldOfAlert(notification, labels, moment);
      assert.deepEqual([told.receivers, told.waits, told.team], [receivers, waits, team]);
    });
  }

  it("is in one message with those that agree in the labels of the site", () => {
    const { group } = toldOfAlert(
      notification,
      { alertname: "A", namespace: "n", pod: "p", severity: "info" },
      noon,
    );
    assert.deepEqual(group, { alertname: "A", namespace: "n" });
  });

  it("that silences others, or is silenced by name, is one of the site's rules", () => {
    const named = silencings
      .flatMap(({ cause, silenced }) => [...cause, ...silenced])
      .filter(({ label }) => label === "alertname")
      .flatMap(({ is = [] }) => is);
    assert.ok(named.length > 0);
    const known = ruleFiles({ ...sampleSite("site-a") }).flatMap(({ groups }) =>
      groups.flatMap(({ rules }) => rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : []))),
    );
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
  });
});
