import { ownValue } from "../../path";
import type { Release } from "../../schema/release";
import type { BusinessMetric, ReleaseRule } from "../../schema/release-rules";
import { weekdays } from "../../schema/week-times";
import { type Hours, withinHours } from "../hours";
import { workloadJob } from "../jobs";
import type { AlertRule, RuleGroup } from "../rule-types";
import { usualTeams } from "../teams";

/** What the product is for: its own rules, and whether it does as much as it usually does. */

/** Rules that a release states itself. */
export function statedRules(rules: Release["rules"]): readonly AlertRule[] {
  return sorted(rules).map(([alert, rule]) => stated(alert, rule));
}

function stated(alert: string, rule: ReleaseRule): AlertRule {
  const { dimension, expr, forMinutes, severity, team, labels } = rule;
  const { summary, description, runbook } = rule;
  return {
    alert,
    expr: expr.trim(),
    forSeconds: forMinutes * 60,
    severity,
    team: team ?? usualTeams[dimension],
    labels,
    summary,
    description,
    runbook,
  };
}

/** Rules over what a release says of its own figures; one set for each, since each may be another team's. */
export function figureRules(
  { businessMetrics, workloads }: Pick<Release, "businessMetrics" | "workloads">,
  timezone: string,
): readonly RuleGroup[] {
  return sorted(businessMetrics).map(([name, metric]) => {
    const namespace = ownValue(workloads, metric.workload)?.namespace ?? "";
    return {
      name: `business-${name}`,
      rules: [missing(name, metric, namespace), ...usual(name, metric, namespace, timezone)],
    };
  });
}

function missing(name: string, metric: BusinessMetric, namespace: string): AlertRule {
  const { help, workload } = metric;
  return {
    ...common(name, metric, namespace),
    alert: `${alertName(name)}Missing`,
    severity: "warning",
    forSeconds: 15 * 60,
    expr: `absent(${series(name, metric, namespace)})`,
    summary: `${workload} no longer shows ${name}`,
    description: `Nobody knows whether the product still does its work: ${help}`,
    runbook: [
      `Does ${workload} run, and is it read (\`./sitewright observe <site>\`)?`,
      "When a new version calls it otherwise, the release's `businessMetrics` must follow.",
    ],
  };
}

function usual(
  name: string,
  metric: BusinessMetric,
  namespace: string,
  timezone: string,
): readonly AlertRule[] {
  const { expected, kind, unit, help } = metric;
  if (expected === undefined) return [];
  const { atLeast, perMinutes } = expected;
  const then = withinHours(expectedHours(expected), timezone, kind === "gauge" ? 0 : perMinutes);
  const all = series(name, metric, namespace);
  const amount =
    kind === "gauge"
      ? `sum(max_over_time(${all}[${perMinutes}m]))`
      : `sum(increase(${all}[${perMinutes}m]))`;
  const runbook = [
    "Ask those who use the product: is it quiet today, or can they not work?",
    `The dashboards of ${metric.workload} and of what it depends on: errors, latency, queue?`,
    "Follow one case through the logs, from where it enters to where it stops.",
  ];
  const rule = common(name, metric, namespace);
  return [
    {
      ...rule,
      alert: `${alertName(name)}Stalled`,
      severity: "critical",
      forSeconds: 5 * 60,
      expr: `${amount} == 0 and on () ${then}`,
      summary: `No ${unit} for ${perMinutes} minutes (${name})`,
      description: `At this time there should be some: ${help}`,
      runbook,
    },
    {
      ...rule,
      alert: `${alertName(name)}BelowExpected`,
      severity: "warning",
      forSeconds: 10 * 60,
      expr: `${amount} > 0 and on () ${amount} < ${atLeast} and on () ${then}`,
      summary: `Only {{ printf "%.0f" $value }} ${unit} within ${perMinutes} minutes (${name})`,
      description: `At this time at least ${atLeast} are usual: ${help}`,
      runbook,
    },
  ];
}

/** When something is expected, as hours of the site's own time. */
export function expectedHours({
  days,
  from,
  to,
}: Pick<NonNullable<BusinessMetric["expected"]>, "days" | "from" | "to">): Hours {
  return {
    days: days.map((weekday) => (weekdays.indexOf(weekday) + 1) % 7),
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
  };
}

function common(name: string, { team, workload }: BusinessMetric, namespace: string) {
  return {
    team: team ?? usualTeams.business,
    labels: { namespace, workload, metric: name },
  };
}

/** Series of the figure, as rules ask for it. */
export function series(
  name: string,
  { workload, kind }: BusinessMetric,
  namespace: string,
): string {
  const counted = kind === "histogram" ? `${name}_count` : name;
  return `${counted}{job="${workloadJob}",namespace="${namespace}",workload="${workload}"}`;
}

/** `parcels_entered_total` as a name of alerts: `ParcelsEntered`. */
export function alertName(series: string): string {
  return series
    .replace(/_total$/, "")
    .split(/[_:]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): readonly [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
