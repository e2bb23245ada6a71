import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import type { AlertRule } from "../../site/alerting/rule-types";
import type { Dashboard } from "../../site/dashboards/dashboard-types";
import type { NightingaleContent } from "../../site/platform/nightingale-types";

/** What a Nightingale of a test is to show, and by whom it tells. */

const board = (uid: string, title: string, links: readonly string[]): Dashboard => ({
  uid,
  title,
  description: `${title}.`,
  folder: "Site",
  variables: [
    { name: "instance", label: "Host", of: "up", valuesOf: "instance", part: "([^:]+).*" },
  ],
  links,
  rows: [
    {
      title: "State",
      panels: [
        {
          title: "Up",
          description: "Those that answer.",
          kind: "stat",
          unit: "none",
          targets: [{ expr: "sum(up)", legend: "up" }],
          thresholds: [{ colour: "red" }, { from: 1, colour: "green" }],
          width: 16,
          height: 4,
        },
        {
          title: "Load",
          description: "Of each.",
          kind: "timeseries",
          unit: "percentunit",
          targets: [{ expr: "node_load5", legend: "{{instance}}" }],
          thresholds: [{ colour: "green" }],
          width: 12,
          height: 8,
          max: 1,
          stacked: true,
        },
        {
          title: "Machines",
          description: "Each.",
          kind: "table",
          unit: "none",
          targets: [{ expr: "node_uname_info", legend: "" }],
          thresholds: [{ colour: "green" }],
          width: 12,
          height: 6,
          columns: { instance: "Address" },
        },
      ],
    },
  ],
});

export const boards = [
  board("site-overview", "Site", ["site-hosts"]),
  board("site-hosts", "Hosts", []),
];

export const notification: NotificationBlueprint = {
  site: "site-t",
  language: "en",
  timezone: "Etc/UTC",
  receivers: [
    {
      kind: "email",
      name: "night",
      sendResolved: true,
      to: ["night@site-t.example"],
      from: "site-t@site-t.example",
      server: { host: "mail.site-t.example", port: 587 },
      tls: "starttls",
      login: { user: "site-t", passwordSecret: "mailPassword" },
    },
    {
      kind: "im",
      name: "room",
      sendResolved: true,
      address: { urlSecret: "roomUrl" },
      speaks: "dingtalk",
      to: [],
    },
    {
      kind: "webhook",
      name: "unused",
      sendResolved: true,
      address: { url: "https://unused.site-t.example" },
      speaks: "message",
      to: [],
    },
  ],
  teams: [
    {
      name: "business",
      isDefault: false,
      told: { critical: [], warning: [], info: [] },
      quiet: [],
    },
    {
      name: "platform",
      isDefault: true,
      told: { critical: ["night", "room"], warning: ["room"], info: [] },
      quiet: [{ days: ["saturday", "sunday"], fromMinute: 0, toMinute: 1440 }],
    },
  ],
  grouping: {
    by: ["alertname"],
    times: {
      critical: { waitSeconds: 10, intervalSeconds: 60, repeatSeconds: 3600 },
      warning: { waitSeconds: 10, intervalSeconds: 60, repeatSeconds: 3600 },
      info: { waitSeconds: 10, intervalSeconds: 60, repeatSeconds: 3600 },
    },
  },
  silencing: [],
  expiries: [],
};

export function notifyingContent(rules: readonly AlertRule[], tells: boolean): NightingaleContent {
  return {
    site: "site-t",
    prometheusUrl: "http://monitoring-prometheus.monitoring.svc:9090",
    teams: ["business", "platform"],
    rules: [{ name: "own", dimension: "system", groups: [{ name: "own", rules }] }],
    dashboards: boards,
    ...(tells && { notification }),
  };
}
