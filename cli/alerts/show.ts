import { bySeverity } from "../../site/alerting/notification";
import type { NotificationBlueprint, QuietSpan } from "../../site/alerting/notification-types";
import { timeOf } from "../../site/alerting/quiet-hours";
import { addressText, reachedBy, teamOf } from "../../site/alerting/routing";
import { alertsOf, ruleFiles } from "../../site/alerting/rule-files";
import type { Severity } from "../../site/alerting/rule-types";
import { watchdogAlert } from "../../site/alerting/special-labels";
import type { LoadedSite } from "../../site/load";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";

/** Who would be told of what at a site, from its files alone. */
export interface Shown {
  /** What tells people. */
  readonly teller: "Alertmanager" | "Nightingale";
  readonly notification: NotificationBlueprint;
  readonly rules: readonly ShownRule[];
}

export interface ShownRule {
  readonly rule: ReturnType<typeof alertsOf>[number];
  /** Who is told: the rule's team, or the default one where the site has none of that name. */
  readonly team: string;
  readonly receivers: readonly string[];
}

export function shownOf(found: LoadedSite, notification: NotificationBlueprint): Shown {
  const rules = alertsOf(ruleFiles(found))
    .filter(({ alert }) => alert !== watchdogAlert)
    .map((rule) => {
      const team = teamOf(notification, rule.team);
      return { rule, team: team.name, receivers: team.told[rule.severity] };
    });
  const teller = found.site.nightingale?.notifies === true ? "Nightingale" : "Alertmanager";
  return { teller, notification, rules };
}

type Paint = (colour: Colour, text: string) => string;

const whom = (receivers: readonly string[]) =>
  receivers.length === 0 ? "nobody" : receivers.join(", ");

export function showText(
  { teller, notification, rules }: Shown,
  paint: Paint,
  columns?: number,
): readonly string[] {
  const { site, teams, receivers, heartbeat, expiries, timezone } = notification;
  const title = (text: string) => paint("bold", text);
  return [
    title(`Who is told at ${site}, by ${teller}`),
    "",
    ...tableLines(
      ["TEAM", "CRITICAL", "WARNING", "INFO", "QUIET HOURS"],
      teams.map(({ name, isDefault, told, quiet }) => ({
        cells: [
          isDefault ? `${name} (and all others)` : name,
          ...(["critical", "warning", "info"] as const).map((severity) => whom(told[severity])),
          quietText(quiet, timezone),
        ],
      })),
      columns,
    ),
    "Quiet hours hold back warnings and info until they are over, and nothing that is critical.",
    "",
    ...tableLines(
      ["RECEIVER", "KIND", "RECOVERY", "REACHES"],
      receivers.map((receiver) => ({
        cells: [
          receiver.name,
          receiver.kind,
          receiver.sendResolved ? "told" : "not told",
          reachedBy(receiver).join(", "),
        ],
      })),
      columns,
    ),
    "",
    heartbeat === undefined
      ? "No sign of life is sent outside: a site that can no longer tell anything is missed by nobody."
      : `A sign of life goes to ${addressText(heartbeat.address)} every ${heartbeat.everySeconds} seconds.`,
    ...expiries.map(
      ({ name, date, warnDays }) => `${name} ends on ${date}; told ${warnDays} days before.`,
    ),
    "",
    title(`${rules.length} rules`),
    "",
    ...tableLines(
      ["ALERT", "SEVERITY", "DIMENSION", "TEAM", "TOLD BY"],
      rules.map(({ rule, team, receivers: told }) => ({
        cells: [
          rule.alert,
          rule.severity,
          rule.dimension,
          rule.team === team ? team : `${team} (for ${rule.team})`,
          whom(told),
        ],
        paint: (line) => (told.length === 0 ? paint("dim", line) : line),
      })),
      columns,
    ),
  ];
}

/** Spans of a week as people say them: `monday–friday 22:00–24:00`. */
export function quietText(spans: readonly QuietSpan[], timezone: string): string {
  if (spans.length === 0) return "none";
  const parts = spans.map(({ days, fromMinute, toMinute }) => {
    const which = days.length === 7 ? "daily" : days.map((day) => day.slice(0, 3)).join(" ");
    return `${which} ${timeOf(fromMinute)}–${timeOf(toMinute)}`;
  });
  return `${parts.join(", ")} ${timezone}`;
}

export function showJson({ teller, notification, rules }: Shown): object {
  const { site, language, timezone, teams, receivers, heartbeat, expiries } = notification;
  const told = (names: Readonly<Record<Severity, readonly string[]>>) =>
    bySeverity((severity) => names[severity]);
  return {
    site,
    teller,
    language,
    timezone,
    teams: teams.map((team) => ({
      name: team.name,
      default: team.isDefault,
      told: told(team.told),
      quiet: team.quiet.map(({ days, fromMinute, toMinute }) => ({
        days,
        from: timeOf(fromMinute),
        to: timeOf(toMinute),
      })),
    })),
    receivers: receivers.map((receiver) => ({
      name: receiver.name,
      kind: receiver.kind,
      sendResolved: receiver.sendResolved,
      reaches: reachedBy(receiver),
    })),
    ...(heartbeat !== undefined && {
      heartbeat: { address: addressText(heartbeat.address), everySeconds: heartbeat.everySeconds },
    }),
    expiries,
    rules: rules.map(({ rule, team, receivers: names }) => ({
      alert: rule.alert,
      severity: rule.severity,
      dimension: rule.dimension,
      ruleTeam: rule.team,
      team,
      receivers: names,
    })),
  };
}
