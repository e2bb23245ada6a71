import type { AlertRule, RecordingRule, RuleFile, RuleGroup } from "../../site/alerting/rule-types";
import { monitoringNamespace } from "../../site/platform/monitoring-place";

/** Rules as Prometheus reads them from a file; the specification of a PrometheusRule is the same. */
export interface PrometheusGroups {
  readonly groups: readonly object[];
}

export function prometheusGroups({ dimension, groups }: RuleFile): PrometheusGroups {
  return { groups: groups.map((group) => groupOf(group, dimension)) };
}

/** One PrometheusRule object of a file of rules. */
export function prometheusRule(file: RuleFile, namespace: string = monitoringNamespace) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: file.name, namespace },
    spec: prometheusGroups(file),
  };
}

function groupOf({ name, intervalSeconds, rules }: RuleGroup, dimension: RuleFile["dimension"]) {
  return {
    name,
    ...(intervalSeconds !== undefined && { interval: seconds(intervalSeconds) }),
    rules: rules.map((rule) => ("record" in rule ? recorded(rule) : alerted(rule, dimension))),
  };
}

function recorded({ record, expr, labels }: RecordingRule) {
  return { record, expr, ...(Object.keys(labels).length > 0 && { labels }) };
}

function alerted(rule: AlertRule, dimension: RuleFile["dimension"]) {
  const { alert, expr, forSeconds, keepFiringForSeconds, severity, team, labels } = rule;
  return {
    alert,
    expr,
    ...(forSeconds > 0 && { for: seconds(forSeconds) }),
    ...(keepFiringForSeconds !== undefined && { keep_firing_for: seconds(keepFiringForSeconds) }),
    labels: { ...labels, severity, dimension, team },
    annotations: {
      summary: rule.summary,
      description: rule.description,
      runbook: rule.runbook.map((step, at) => `${at + 1}. ${step}`).join("\n"),
    },
  };
}

/** A time as Prometheus writes it, in the largest unit that says it whole. */
export function seconds(count: number): string {
  for (const [unit, length] of [
    ["d", 86_400],
    ["h", 3600],
    ["m", 60],
  ] as const) {
    if (count > 0 && count % length === 0) return `${count / length}${unit}`;
  }
  return `${count}s`;
}
