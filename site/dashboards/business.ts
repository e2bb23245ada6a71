import { workloadJob } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import { ownValue } from "../path";
import type { BusinessMetric } from "../schema/release-rules";
import type { Dashboard, Panel, PanelRow, Unit } from "./dashboard-types";
import { lines, number } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

/** Units of figures that Grafana knows; all others are counted. */
const units: Readonly<Record<string, Unit>> = { seconds: "s", milliseconds: "ms", bytes: "bytes" };

/** What the product is for: the figures that the release names; undefined where it names none. */
export function businessDashboard({ release }: BlueprintInput): Dashboard | undefined {
  const metrics = Object.entries(release.businessMetrics).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  if (metrics.length === 0) return undefined;
  return {
    uid: uids.business,
    title: "Business",
    description: `What ${release.product} is for, in its own figures.`,
    folder: folders.product,
    variables: [],
    links: [uids.overview, uids.workloads],
    rows: metrics.map(([name, metric]) => {
      const namespace = ownValue(release.workloads, metric.workload)?.namespace ?? "";
      return row(name, metric, namespace);
    }),
  };
}

function row(name: string, metric: BusinessMetric, namespace: string): PanelRow {
  const series = (end: string) =>
    `${name}${end}${from(workloadJob, `namespace="${namespace}"`, `workload="${metric.workload}"`)}`;
  return { title: `${name}: ${metric.help}`, panels: panels(metric, series) };
}

function panels(metric: BusinessMetric, series: (end: string) => string): readonly Panel[] {
  const { kind, unit, help, expected } = metric;
  if (kind === "gauge") {
    const own = units[unit] ?? "short";
    return [
      number("Now", `${help} All Pods together, now.`, own, `sum(${series("")})`, wide),
      lines(unit, `${help} By Pod.`, own, [[`sum by (pod) (${series("")})`, "{{pod}}"]], long),
    ];
  }
  const count = kind === "histogram" ? series("_count") : series("");
  const usual =
    expected === undefined
      ? ""
      : ` At least ${expected.atLeast} within ${expected.perMinutes} minutes are usual.`;
  return [
    number(
      "In the last hour",
      `${help} All Pods together.${usual}`,
      "short",
      `sum(increase(${count}[1h]))`,
      wide,
    ),
    lines(
      `${unit} an hour`,
      `${help} Today, and a week ago at the same time.${usual}`,
      "short",
      [
        [`sum(increase(${count}[1h]))`, "now"],
        [`sum(increase(${count}[1h] offset 1w))`, "a week ago"],
      ],
      kind === "histogram" ? { width: 10 } : long,
    ),
    ...(kind === "histogram"
      ? [
          lines(
            "Sizes",
            `${help} Half are smaller, and all but one in twenty.`,
            units[unit] ?? "short",
            [0.5, 0.95].map(
              (part) =>
                [
                  `histogram_quantile(${part}, sum by (le) (rate(${series("_bucket")}[15m])))`,
                  part === 0.5 ? "half" : "95 %",
                ] as const,
            ),
            { width: 10 },
          ),
        ]
      : []),
  ];
}

const wide = { height: 8 };
const long = { width: 20 };
