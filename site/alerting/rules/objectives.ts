import type { Objective } from "../../schema/workload-slo";
import type { RecordingRule, RuleGroup, Severity } from "../rule-types";
import { recording, serviceAlert } from "./rule";

/**
 * Objectives of workloads. What matters is how fast an error budget is spent: each alert looks at a long time, whether
 * enough was lost to be worth waking somebody, and at a short one, whether it is still being lost.
 */

/** An objective with the workload that promises it. */
export interface WatchedObjective {
  readonly namespace: string;
  readonly workload: string;
  readonly name: string;
  readonly objective: Objective;
}

/** A pace at which a budget is spent. */
export interface Burn {
  readonly alert: string;
  readonly severity: Severity;
  /** Part of the whole budget that is gone within `long` at this pace. */
  readonly share: number;
  readonly long: { readonly name: string; readonly hours: number };
  readonly short: string;
  readonly minutes: number;
}

/** Of a window of 30 days: 14.4, 6, 3 and once the pace that spends the budget just in time. */
export const burns: readonly Burn[] = [
  {
    alert: "ObjectiveMissedFast",
    severity: "critical",
    share: 0.02,
    long: { name: "1h", hours: 1 },
    short: "5m",
    minutes: 2,
  },
  {
    alert: "ObjectiveMissed",
    severity: "critical",
    share: 0.05,
    long: { name: "6h", hours: 6 },
    short: "30m",
    minutes: 10,
  },
  {
    alert: "ObjectiveMissedSlowly",
    severity: "warning",
    share: 0.1,
    long: { name: "1d", hours: 24 },
    short: "2h",
    minutes: 30,
  },
  {
    alert: "ObjectiveAtRisk",
    severity: "warning",
    share: 0.1,
    long: { name: "3d", hours: 72 },
    short: "6h",
    minutes: 60,
  },
];

/** How often requests are counted: what the sum of that many rates is multiplied by to be a number of requests. */
const countedSeconds = 60;

/** A threshold that cannot be passed would be no alert. */
const highestThreshold = 0.95;

/** Part of the requests that fail at the pace of an alert. */
export function burnThreshold(
  { objectivePercent, windowDays }: Pick<Objective, "objectivePercent" | "windowDays">,
  { share, long }: Pick<Burn, "share" | "long">,
): number {
  const budget = 1 - objectivePercent / 100;
  const pace = (share * windowDays * 24) / long.hours;
  // Without the noise of binary fractions, which would stand in the rules.
  return Number(Math.min(budget * pace, highestThreshold).toPrecision(6));
}

const times = [...new Set(burns.flatMap(({ long, short }) => [short, long.name]))].filter(
  (time) => time !== "5m",
);

export function objectiveRules(objectives: readonly WatchedObjective[]): readonly RuleGroup[] {
  if (objectives.length === 0) return [];
  return [
    {
      name: "objectives-counted",
      intervalSeconds: countedSeconds,
      rules: objectives.flatMap(counted),
    },
    {
      name: "objectives-ratios",
      intervalSeconds: countedSeconds,
      rules: [
        recording("slo:errors:ratio_rate5m", "slo:bad:rate5m / (slo:requests:rate5m > 0)"),
        ...times.map((time) =>
          recording(
            `slo:errors:ratio_rate${time}`,
            `avg_over_time(slo:bad:rate5m[${time}]) / (avg_over_time(slo:requests:rate5m[${time}]) > 0)`,
          ),
        ),
      ],
    },
    { name: "objectives", intervalSeconds: countedSeconds, rules: burns.map(burnAlert) },
    { name: "objectives-budget", intervalSeconds: 300, rules: budgetRules(objectives) },
  ];
}

function counted(watched: WatchedObjective): readonly RecordingRule[] {
  const { namespace, workload, name, objective } = watched;
  const labels = { namespace, workload, slo: name };
  const { bad, total } = counts(watched);
  return [
    recording("slo:requests:rate5m", total, labels),
    recording("slo:bad:rate5m", bad, labels),
    recording("slo:objective:ratio", `vector(${fraction(objective.objectivePercent)})`, labels),
    recording("slo:fewest_failures", `vector(${objective.fewestFailures})`, labels),
    ...burns.map((burn) =>
      recording("slo:burn_threshold:ratio", `vector(${burnThreshold(objective, burn)})`, {
        ...labels,
        burn: burn.long.name,
      }),
    ),
  ];
}

/** Requests a second, and those of them that were not good; never without a value, or a rule over both would be silent. */
function counts({ namespace, workload, objective }: WatchedObjective) {
  const there = (expr: string) => `(${expr} or vector(0))`;
  if (objective.kind === "ratio") {
    const { good, total } = objective;
    return {
      total: there(`sum(${total})`),
      bad: `clamp_min(${there(`sum(${total})`)} - ${there(`sum(${good})`)}, 0)`,
    };
  }
  const served = `reporter="destination",destination_workload_namespace="${namespace}",destination_workload=~"${workload}(-canary)?"`;
  const rate = (series: string) => there(`sum(rate(${series}[5m]))`);
  if (objective.kind === "latency") {
    // Prometheus writes the bound of a bucket with or without a fraction, depending on its version.
    const within = `le=~"${objective.thresholdMilliseconds}([.]0)?"`;
    const total = rate(`istio_request_duration_milliseconds_count{${served}}`);
    const good = rate(`istio_request_duration_milliseconds_bucket{${served},${within}}`);
    return { total, bad: `clamp_min(${total} - ${good}, 0)` };
  }
  // What never came to a Pod is seen by whoever called.
  const lost = rate(
    `istio_requests_total{reporter="source",destination_service_namespace="${namespace}",destination_service_name="${workload}",response_flags=~".*(UH|UF|UO|NC).*"}`,
  );
  const failed = [
    rate(`istio_requests_total{${served},response_code=~"5.."}`),
    // Unknown, deadline exceeded, internal, unavailable and data loss, which come with status 200.
    rate(
      `istio_requests_total{${served},response_code!~"5..",grpc_response_status=~"2|4|13|14|15"}`,
    ),
  ].join(" + ");
  return {
    total: `${rate(`istio_requests_total{${served}}`)} + ${lost}`,
    bad: `${failed} + ${lost}`,
  };
}

function burnAlert({ alert, severity, share, long, short, minutes }: Burn) {
  const over = (time: string) =>
    `slo:errors:ratio_rate${time} > ignoring (burn) slo:burn_threshold:ratio{burn="${long.name}"}`;
  const failures = failed(long.name);
  return serviceAlert({
    alert,
    severity,
    minutes,
    expr: `(${over(long.name)}) and (${over(short)}) and (${failures})`,
    summary: `{{ $labels.namespace }}/{{ $labels.workload }} misses its objective {{ $labels.slo }}: {{ $value | humanizePercentage }} failed within ${long.name}`,
    description: `At this pace ${share * 100} % of what may fail in the objective's whole window fails within ${long.name}, and it still goes on.`,
    runbook: [
      "The workloads dashboard: since when, which status, which Pods? Compare with the time of the last deployment.",
      "`kubectl -n <namespace> logs` of its Pods; then what it depends on.",
      "Began with a deployment: `./sitewright rollback`, or set the canary's part to 0.",
      ...(severity === "critical" ? [] : ["It is not urgent tonight; it is within the week."]),
    ],
  });
}

/** That enough failed; a sum, since an average would make much of little where figures began a short while ago. */
function failed(time: string): string {
  return `sum_over_time(slo:bad:rate5m[${time}]) * ${countedSeconds} >= slo:fewest_failures`;
}

function budgetRules(objectives: readonly WatchedObjective[]) {
  const days = [...new Set(objectives.map(({ objective }) => objective.windowDays))].sort(
    (one, other) => one - other,
  );
  const ofWindow = (window: number) =>
    objectives
      .filter(({ objective }) => objective.windowDays === window)
      .map(({ namespace, workload, name }) => ({ namespace, workload, name }));
  return [
    // 1: nothing is spent; 0: all of it; below: more than there was.
    ...days.flatMap((window) =>
      ofWindow(window).map(({ namespace, workload, name }) => {
        const only = `{namespace="${namespace}",workload="${workload}",slo="${name}"}`;
        return recording(
          "slo:error_budget_remaining:ratio",
          `1 - (avg_over_time(slo:bad:rate5m${only}[${window}d]) / (avg_over_time(slo:requests:rate5m${only}[${window}d]) > 0)) / (1 - slo:objective:ratio${only})`,
          { namespace, workload, slo: name },
        );
      }),
    ),
    serviceAlert({
      alert: "ErrorBudgetSpent",
      severity: "warning",
      minutes: 60,
      expr: `slo:error_budget_remaining:ratio < 0 and ${failed("1d")}`,
      summary:
        "{{ $labels.namespace }}/{{ $labels.workload }} has spent the error budget of its objective {{ $labels.slo }}",
      description: "Within its window more failed than was promised, and some of it today.",
      runbook: [
        "Hold back changes that are not there to make it better.",
        "Which failures cost most? The workloads dashboard by status, the logs of those times.",
        "If the promise is too high for what the product needs, change it in the release.",
      ],
    }),
  ];
}

function fraction(percent: number): number {
  return Number((percent / 100).toPrecision(8));
}
