import type { Release } from "../schema/release";
import type { Panel } from "./dashboard-types";
import { bars, lines } from "./panels";
import { uids } from "./uids";

/** Whether workloads do what they promise, in the figures that rules keep; nothing where none promises anything. */
export function objectivePanels({ workloads }: Release): readonly Panel[] {
  const promised = Object.values(workloads).some(
    (workload) => "slo" in workload && Object.keys(workload.slo).length > 0,
  );
  if (!promised) return [];
  const legend = "{{namespace}}/{{workload}} {{slo}}";
  return [
    bars(
      "Error budgets left",
      "Share of what may fail within an objective's window that is left. At nought there is none: no risks until it has recovered.",
      "percentunit",
      [["clamp_min(slo:error_budget_remaining:ratio, 0)", legend]],
      {
        thresholds: [
          { colour: "red" },
          { from: 0.1, colour: "orange" },
          { from: 0.25, colour: "yellow" },
          { from: 0.5, colour: "green" },
        ],
        max: 1,
        more: uids.workloads,
      },
    ),
    lines(
      "Failing",
      "Part of the requests that were not good within an hour, by objective.",
      "percentunit",
      [["slo:errors:ratio_rate1h", legend]],
    ),
  ];
}
