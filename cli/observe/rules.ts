import { isAlert } from "../../site/alerting/rule-files";
import type { RuleFile } from "../../site/alerting/rule-types";
import { watchdogAlert } from "../../site/alerting/special-labels";
import { printable } from "../view/colours";
import type { Fault } from "./fault";
import type { LoadedGroup } from "./read";

export interface RuleReport {
  readonly expectedGroups: number;
  readonly loadedGroups: number;
  /** Rules of all loaded groups. */
  readonly rules: number;
  readonly missingGroups: readonly string[];
  readonly missingRules: readonly string[];
  readonly failing: readonly { readonly rule: string; readonly error: string }[];
  readonly firing: readonly FiringAlert[];
  /** Whether the alert that always fires does; undefined where the site has none. */
  readonly watchdog?: boolean;
}

export interface FiringAlert {
  readonly alert: string;
  readonly severity: string;
  readonly team: string;
  /** What it is about: its other labels. */
  readonly about: string;
}

const severities = ["critical", "warning", "info"];

/** What Prometheus looks at against what it should. */
export function compareRules(
  files: readonly RuleFile[],
  loaded: readonly LoadedGroup[],
): RuleReport {
  const groups = files.flatMap((file) => file.groups);
  const byName = new Map<string, readonly LoadedGroup[]>();
  for (const group of loaded) {
    byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
  }
  const missingGroups = groups.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  const missingRules = groups.flatMap(({ name, rules }) => {
    const there = new Set(
      (byName.get(name) ?? []).flatMap((group) => group.rules.map((rule) => rule.name)),
    );
    if (there.size === 0) return [];
    return [...new Set(rules.map((rule) => (isAlert(rule) ? rule.alert : rule.record)))].filter(
      (rule) => !there.has(rule),
    );
  });
  const rules = loaded.flatMap((group) => group.rules);
  const watched = groups.some((group) =>
    group.rules.some((rule) => isAlert(rule) && rule.alert === watchdogAlert),
  );
  return {
    expectedGroups: groups.length,
    loadedGroups: loaded.length,
    rules: rules.length,
    missingGroups,
    missingRules,
    failing: rules
      .filter(({ health }) => health === "err")
      .map(({ name, lastError }) => ({ rule: name, error: printable(lastError).slice(0, 300) })),
    firing: rules
      .flatMap(({ name, alerts }) =>
        alerts.filter(({ state }) => state === "firing").map(({ labels }) => firing(name, labels)),
      )
      .filter(({ alert }) => alert !== watchdogAlert)
      .sort(
        (one, other) =>
          rank(one.severity) - rank(other.severity) || one.alert.localeCompare(other.alert),
      ),
    ...(watched && {
      watchdog: rules.some(({ name, state }) => name === watchdogAlert && state === "firing"),
    }),
  };
}

function rank(severity: string): number {
  const at = severities.indexOf(severity);
  return at === -1 ? severities.length : at;
}

function firing(alert: string, labels: Readonly<Record<string, string>>): FiringAlert {
  const { severity = "", team = "", alertname: _, dimension: __, site: ___, ...rest } = labels;
  const about = Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return { alert, severity, team, about: printable(about).slice(0, 200) };
}

/** What is wrong with rules themselves; that some fire is what they are for. */
export function ruleFaults(report: RuleReport): readonly Fault[] {
  const { missingGroups, missingRules, failing, watchdog } = report;
  const read =
    "see why the operator left it out: kubectl -n monitoring logs deployment/monitoring-operator; then deploy the site again";
  return [
    ...missingGroups.map((name) => ({
      what: `rules: the group ${name} is not loaded`,
      why: "Prometheus does not know it",
      next: read,
    })),
    ...missingRules.map((name) => ({
      what: `rules: ${name} is not loaded`,
      why: "its group is there without it: an older one",
      next: "deploy the site again",
    })),
    ...failing.map(({ rule, error }) => ({
      what: `rules: ${rule} cannot be looked at`,
      why: error,
      next: "nobody is told of what it watches: correct what it says of its series",
    })),
    ...(watchdog === false
      ? [
          {
            what: "rules: the sign of life does not fire",
            why: "it always should: Prometheus looks at no rules, or has only just started",
            next: "wait a minute and look again; then see kubectl -n monitoring logs prometheus-monitoring-prometheus-0 -c prometheus",
          },
        ]
      : []),
  ];
}
