import type { AlertSettings } from "../../schema/alerts";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

type Expiries = AlertSettings["expiries"];

const day = 86_400;

/** Licences, domains and the like that end on a day which the site states. */
export function expiryRules(expiries: Expiries): RuleGroup {
  const dates = Object.entries(expiries).sort(([one], [other]) => (one < other ? -1 : 1));
  // Seconds that are left, one series a name.
  const left = dates
    .map(([name, { date }]) => `${series(name, endOf(date))} - time()`)
    .join(" or ");
  const warned = dates
    .map(
      ([name, { date, warnDays }]) => `${series(name, endOf(date))} - time() < ${warnDays * day}`,
    )
    .join(" or ");
  return {
    name: "expiries",
    rules: [
      systemAlert({
        alert: "ExpiresSoon",
        severity: "warning",
        minutes: 0,
        expr: warned,
        summary: "{{ $labels.name }} ends in {{ $value | humanizeDuration }}",
        description:
          "A licence, domain or the like that the site file lists under `alerts.expiries`.",
        runbook: [
          "Renew it with whoever gave it out.",
          "Put it in place, state the new date under `alerts.expiries`, and deploy.",
        ],
      }),
      systemAlert({
        alert: "ExpiresNow",
        severity: "critical",
        minutes: 0,
        expr: `(${left}) < ${3 * day}`,
        summary: "{{ $labels.name }} ends within three days, or has ended",
        description: "What it is for stops working.",
        runbook: ["As for ExpiresSoon, today."],
      }),
    ],
  };
}

/** The number as a series of this name, which other arithmetic would take away. */
function series(name: string, value: number): string {
  return `label_replace(vector(${value}), "name", "${name}", "", "")`;
}

/** End of a day, in UTC. */
function endOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000 + day;
}
