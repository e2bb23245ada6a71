import { z } from "zod";
import type { NotificationBlueprint } from "../site/alerting/notification-types";
import { teamOf } from "../site/alerting/routing";
import type { Severity } from "../site/alerting/rule-types";
import { watchdogAlert } from "../site/alerting/special-labels";
import { type AlertmanagerConfig, alertmanagerConfig } from "./support/alertmanager-routes";
import type { Inventory } from "./support/inventory";
import { fields, items, namespaceOf, textOf } from "./support/objects";
import { type FindingAbout, wholeRule } from "./support/rule";
import { isKnown } from "./support/unknown";

const severities = ["critical", "warning", "info"] as const satisfies readonly Severity[];
const configFile = "alertmanager.yaml";

export const alertsReceived = wholeRule({
  name: "alerts-received",
  description: "Every alert leads by its labels to a receiver that tells somebody.",
  why: "An alert that nobody gets is worse than none: everybody believes that it is watched.",
  severity: "high",
  remedy:
    "give the alert a team and severity that are told, or name receivers for them in the site's alerts.teams",
  settings: z.strictObject({
    silent: z
      .array(z.enum(severities, { error: severities.join(", ") }))
      .default(["info"])
      .describe("Severities of alerts that need nobody: they are there to be looked up."),
  }),
  sources: ["deployment", "state"],
  *judgeAll(inventory, { blueprint, settings: { silent } }) {
    const { notification, namespace = "" } = blueprint.platform.monitoring ?? {};
    if (notification === undefined) return;
    const config = configOf(inventory, namespace) ?? asMeant(notification);
    for (const subject of inventory.of("monitoring.coreos.com/PrometheusRule")) {
      for (const { path, labels } of alertsOf(subject.object.spec)) {
        if (labels.alertname === watchdogAlert || isOneOf(silent, labels.severity)) continue;
        const told = config.told(labels);
        const missing = told.filter((receiver) => config.ways(receiver) === undefined);
        const about: Pick<FindingAbout, "about" | "path"> = { about: subject, path };
        if (missing.length > 0) {
          const given = `${words(labels)} leads to ${missing.join(", ") || "none"}, which Alertmanager does not have`;
          yield { ...about, needed: "a receiver that there is", given };
        } else if (told.every((receiver) => config.ways(receiver)?.length === 0)) {
          const given = `${words(labels)} leads to ${told.join(", ")}, which tells nobody`;
          yield { ...about, needed: "a receiver that tells somebody", given };
        }
      }
    }
  },
});

function isOneOf(silent: readonly string[], severity: string | undefined): boolean {
  return severity !== undefined && silent.includes(severity);
}

interface PlacedAlert {
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Alerts of a PrometheusRule with the labels that they always have: what only their figures say is not known here. */
function* alertsOf(spec: unknown): Iterable<PlacedAlert> {
  for (const [group, { rules }] of items(fields(spec).groups).map(fields).entries()) {
    for (const [at, { alert, labels }] of items(rules).map(fields).entries()) {
      if (typeof alert !== "string") continue;
      const stated = Object.entries(fields(labels)).filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === "string" && !entry[1].includes("{{"),
      );
      const path = `spec.groups[${group}].rules[${at}]`;
      yield { path, labels: { ...Object.fromEntries(stated), alertname: alert } };
    }
  }
}

function words({ alertname, severity, team }: PlacedAlert["labels"]): string {
  const parts = [severity, team && `of team ${team}`].filter((part) => part !== undefined);
  return [alertname, ...parts].join(" ");
}

/** What Alertmanager is configured by, where that can be read: the stack's state holds it encrypted. */
function configOf(inventory: Inventory, namespace: string): AlertmanagerConfig | undefined {
  for (const { object } of inventory.of("Secret")) {
    if (namespaceOf(object) !== namespace) continue;
    for (const key of ["stringData", "data"]) {
      if (!isKnown(object, key)) continue;
      const data = fields(object[key]);
      if (!Object.hasOwn(data, configFile) || !isKnown(data, configFile)) continue;
      const text = textOf(data[configFile]);
      const plain = key === "data" ? Buffer.from(text, "base64").toString("utf8") : text;
      const config = alertmanagerConfig(plain);
      if (config !== undefined) return config;
    }
  }
  return undefined;
}

/** What the site's `alerts` say, which its configuration is made from. */
function asMeant(notification: NotificationBlueprint): AlertmanagerConfig {
  const nobody = "nobody";
  return {
    told: ({ team, severity }) => {
      const known = severities.find((one) => one === severity) ?? "warning";
      const receivers = teamOf(notification, team).told[known];
      return receivers.length === 0 ? [nobody] : receivers;
    },
    ways: (receiver) => {
      const kind = notification.receivers.find(({ name }) => name === receiver)?.kind;
      if (kind !== undefined) return [kind];
      return receiver === nobody ? [] : undefined;
    },
  };
}
