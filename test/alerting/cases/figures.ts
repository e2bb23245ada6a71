import { utcSpans } from "../../../site/alerting/hours";
import { alertName, expectedHours, series } from "../../../site/alerting/rules/business";
import type { Release } from "../../../site/schema/release";
import type { BusinessMetric } from "../../../site/schema/release-rules";
import { type AlertCase, type Cases, pair } from "./case";

/** Minutes between two values, and of a week; promtool begins on a Thursday at midnight, UTC. */
const step = 5;
const week = 7 * 1440;
const thursday = 4 * 1440;

/** Cases of the rules that are made for each figure of a release's business. */
export function figureCases(
  { businessMetrics, workloads }: Pick<Release, "businessMetrics" | "workloads">,
  timezone: string,
): Cases {
  const all = Object.entries(businessMetrics).map(([name, metric]): Cases => {
    const namespace = workloads[metric.workload]?.namespace ?? "";
    return casesOf(name, metric, series(name, metric, namespace), timezone);
  });
  return Object.assign({}, ...all);
}

function casesOf(
  name: string,
  { kind, expected }: BusinessMetric,
  shown: string,
  timezone: string,
): Cases {
  const alert = alertName(name);
  const missing = { [`${alert}Missing`]: pair(30, { up: "1x40" }, { [shown]: "1x40" }) };
  if (expected === undefined) return missing;
  const { atLeast, perMinutes } = expected;
  const gauge = kind === "gauge";
  const spans = utcSpans(expectedHours(expected), timezone, gauge ? 0 : perMinutes);
  // The first one that ends after there is a past to look at.
  const since = (minuteOfWeek: number) => (minuteOfWeek - thursday + week) % week;
  const [span] = spans
    .filter(({ to }) => since(to - step) > 3 * perMinutes)
    .sort((one, other) => since(one.to) - since(other.to));
  if (span === undefined)
    throw new Error(`${name} is expected for less than ${perMinutes} minutes`);
  /** What comes within the time that is looked at. */
  const at = (amount: number, minuteOfWeek: number): AlertCase => ({
    series: {
      [shown]: gauge ? `${amount}x2100` : `0+${(amount * step) / perMinutes}x2100`,
    },
    minutes: since(minuteOfWeek) - (since(minuteOfWeek) % step),
    step,
  });
  const within = span.to - step;
  const outside = span.to + 3 * step;
  const alwaysExpected = spans.some(
    ({ from, to }) => from <= outside % week && outside % week < to,
  );
  const night = (amount: number) => (alwaysExpected ? [] : [at(amount, outside)]);
  return {
    ...missing,
    [`${alert}Stalled`]: {
      fires: [at(0, within)],
      quiet: [at(2 * atLeast, within), at(atLeast / 2, within), ...night(0)],
    },
    [`${alert}BelowExpected`]: {
      fires: [at(atLeast / 2, within)],
      quiet: [at(2 * atLeast, within), at(0, within), ...night(atLeast / 2)],
    },
  };
}
