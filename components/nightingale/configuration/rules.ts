import type { AlertRule, RuleFile, RuleGroup, Severity } from "../../../site/alerting/rule-types";
import type { RuleBody } from "./configuration-types";

/**
 * Rules as Nightingale keeps them. Its own import of PrometheusRules is not used: it makes a minute of a rule that is
 * not to wait, and of times in days; it forgets how long an alert stays, takes spaces out of labels and puts them in
 * another order each time.
 */

/** Tells our rules from those that people made in the same group. */
export const ownTag = "managed_by=sitewright";

/** How often Prometheus looks at a rule whose group says nothing. */
const usualSeconds = 30;

const severities: Readonly<Record<Severity, 1 | 2 | 3>> = { critical: 1, warning: 2, info: 3 };

export const severityNumber = (severity: Severity) => severities[severity];

/** One body for each rule that alerts, in the order of their names. What only records stays Prometheus' own. */
export function ruleBodies(files: readonly RuleFile[]): readonly RuleBody[] {
  return files
    .flatMap(({ groups, dimension }) =>
      groups.flatMap((group) =>
        group.rules.flatMap((rule) => ("alert" in rule ? [ruleBody(rule, group, dimension)] : [])),
      ),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function ruleBody(
  rule: AlertRule,
  { intervalSeconds = usualSeconds }: RuleGroup,
  dimension: RuleFile["dimension"],
): RuleBody {
  const severity = severities[rule.severity];
  const labels = { ...rule.labels, dimension, team: rule.team };
  return {
    name: rule.alert,
    prod: "metric",
    cate: "prometheus",
    severity,
    disabled: 0,
    prom_for_duration: rule.forSeconds,
    rule_config: { queries: [{ prom_ql: rule.expr, severity }] },
    cron_pattern: `@every ${intervalSeconds}s`,
    enable_in_bg: 0,
    notify_recovered: 1,
    notify_repeat_step: 60,
    notify_max_number: 0,
    recover_duration: rule.keepFiringForSeconds ?? 0,
    append_tags: [
      ...Object.entries(labels).map(([key, value]) => `${key}=${value.replaceAll(" ", "_")}`),
      ownTag,
    ].sort(),
    annotations: {
      summary: rule.summary,
      description: rule.description,
      runbook: rule.runbook.map((step, at) => `${at + 1}. ${step}`).join("\n"),
    },
    notify_version: 1,
  };
}
