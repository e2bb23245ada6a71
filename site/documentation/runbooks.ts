import { alertsOf } from "../alerting/rule-files";
import type { AlertRule, Dimension } from "../alerting/rule-types";
import { everyRule } from "./every-rule";

const titles: Readonly<Record<Dimension, string>> = {
  system: "Hosts, cluster and platform",
  service: "Workloads",
  business: "What the product is for",
};

/** docs/runbooks.md: what every alert means and what is done then. */
export function runbooks(): string {
  const files = everyRule();
  const parts = (["system", "service", "business"] as const).flatMap((dimension) => {
    const alerts = alertsOf(files.filter((file) => file.dimension === dimension));
    return [
      `## ${titles[dimension]}`,
      "",
      ...introductions[dimension],
      "",
      ...alerts.flatMap((alert) => [...entry(alert), ""]),
    ];
  });
  return [...introduction, "", ...parts].join("\n").replace(/\n+$/, "\n");
}

const introduction = [
  "# Runbooks",
  "",
  "<!-- Written by `npm run docs` from site/alerting; changes made here are lost. -->",
  "",
  "Every alert that Sitewright's own rules can raise: what it means, how soon somebody has to act, which team is told,",
  "how long it must hold first, and what is done then. A site has those of the parts that it has. Rules that a release",
  "states itself carry their steps with them; messages show both. `critical`: act now. `warning`: look at it within the",
  "day. `info`: good to know. Where a step says `<namespace>` or `<pod>`, the message's labels hold the name.",
];

const introductions: Readonly<Record<Dimension, readonly string[]>> = {
  system: ["Numbers such as those of etcd's members or of shared addresses are the site's own."],
  service: [
    "Alerts about objectives (`slo` of a workload) are the same for all of them; the label `slo` names the one that is missed.",
  ],
  business: [
    "Made for each entry of a release's `businessMetrics`; here for a sample, `orders_done_total`.",
  ],
};

function entry(rule: AlertRule): readonly string[] {
  const { alert, severity, team, forSeconds, summary, description, runbook, expr } = rule;
  const held = forSeconds === 0 ? "at once" : `after ${time(forSeconds)}`;
  return [
    `### ${alert}`,
    "",
    `**${severity}**, team \`${team}\`, ${held}: ${inText(summary)}.`,
    "",
    description,
    "",
    ...runbook.map((step, at) => `${at + 1}. ${step}`),
    "",
    "```promql",
    expr,
    "```",
  ];
}

/** A line of a template as people read it. */
function inText(summary: string): string {
  return summary
    .replaceAll(/\{\{ *\$labels\.([A-Za-z_]+) *\}\}/g, "`$1`")
    .replaceAll(/\{\{[^}]*\$value[^}]*\}\}/g, "`value`");
}

function time(seconds: number): string {
  const [length, unit] = seconds % 3600 === 0 ? [seconds / 3600, "hour"] : [seconds / 60, "minute"];
  return `${length} ${unit}${length === 1 ? "" : "s"}`;
}
