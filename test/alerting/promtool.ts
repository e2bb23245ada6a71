import { prometheusGroups } from "../../components/monitoring/prometheus-rule";
import { isAlert } from "../../site/alerting/rule-files";
import type { AlertRule, RuleFile } from "../../site/alerting/rule-types";
import type { AlertCase, Cases, FiringCase } from "./cases/case";

/** Rules and cases as promtool takes them. */

/** Alerts of one file. */
export function alertsIn({ groups }: RuleFile): readonly AlertRule[] {
  return groups.flatMap(({ rules }) => rules.filter(isAlert));
}

/** A file of rules, by its name. */
export function ruleFileName({ name }: RuleFile): string {
  return `${name}.rules.json`;
}

/** The rules as promtool reads them; JSON is YAML. */
export function ruleText(file: RuleFile): string {
  return JSON.stringify(prometheusGroups(file), null, 1);
}

/** Labels that an alert's texts name. */
export function labelsUsed({ summary, description }: AlertRule): readonly string[] {
  const found = `${summary} ${description}`.matchAll(/\$labels\.([A-Za-z_]+)/g);
  return [...new Set([...found].map(([, label]) => label ?? ""))];
}

/** Files whose recordings a file of rules asks for. */
export function askedBy(file: RuleFile, files: readonly RuleFile[]): readonly RuleFile[] {
  const text = ruleText(file);
  return files.filter(
    (one) =>
      one.name !== file.name &&
      one.groups.some(({ rules }) =>
        rules.some((rule) => "record" in rule && text.includes(rule.record)),
      ),
  );
}

/** Tests of one file of rules, one text for each length of a step. */
export function testTexts(
  file: RuleFile,
  cases: Cases,
  figures: readonly RuleFile[],
): readonly string[] {
  const alerts = new Map(alertsIn(file).map((alert) => [alert.alert, alert]));
  const tests = Object.entries(cases).flatMap(([name, { fires, quiet }]) => {
    const alert = alerts.get(name);
    if (alert === undefined) throw new Error(`cases of ${name}, which ${file.name} does not have`);
    return [
      ...fires.map((one, at) => ({ step: one.step ?? 1, test: firing(file, alert, one, at) })),
      ...quiet.map((one, at) => ({ step: one.step ?? 1, test: silent(alert, one, at) })),
    ];
  });
  return [...new Set(tests.map(({ step }) => step))].map((step) =>
    JSON.stringify({
      rule_files: [...figures, file].map(ruleFileName),
      evaluation_interval: `${step}m`,
      tests: tests.filter((one) => one.step === step).map(({ test }) => test),
    }),
  );
}

function firing({ dimension }: RuleFile, alert: AlertRule, one: FiringCase, at: number) {
  const labels = {
    ...alert.labels,
    ...one.labels,
    alertname: alert.alert,
    severity: alert.severity,
    dimension,
    team: alert.team,
  };
  const text = Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(",");
  const expr = `group by (${Object.keys(labels).join(",")}) (${now(alert)})`;
  return test(`${alert.alert} fires (${at + 1})`, one, expr, [{ labels: `{${text}}`, value: 1 }]);
}

function silent(alert: AlertRule, one: AlertCase, at: number) {
  return test(`${alert.alert} stays quiet (${at + 1})`, one, now(alert), []);
}

function now({ alert }: AlertRule): string {
  return `ALERTS{alertname="${alert}",alertstate="firing"}`;
}

function test(name: string, one: AlertCase, expr: string, samples: readonly object[]) {
  return {
    name,
    interval: `${one.step ?? 1}m`,
    input_series: Object.entries(one.series).map(([series, values]) => ({ series, values })),
    promql_expr_test: [{ expr, eval_time: `${one.minutes}m`, exp_samples: samples }],
  };
}
