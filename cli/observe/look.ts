import { expectedTargets } from "../../site/alerting/expected-targets";
import type { Blueprint } from "../../site/blueprint-types";
import type { MonitoringBlueprint } from "../../site/platform/monitoring-types";
import { compareDashboards, type DashboardReport, dashboardFaults } from "./dashboards";
import type { Fault } from "./fault";
import {
  type Get,
  readDashboards,
  readGroups,
  readMetrics,
  readReceivers,
  readTargets,
} from "./read";
import { compareReceivers, type ReceiverRow, receiverFaults } from "./receivers";
import { compareRules, type RuleReport, ruleFaults } from "./rules";
import { compareTargets, type TargetReport, targetFaults } from "./targets";

/** What is asked. A part that cannot be reached is told of; the others are looked at all the same. */
export interface Sources {
  readonly prometheus: <Result>(work: (get: Get) => Promise<Result>) => Promise<Result>;
  readonly alertmanager: <Result>(work: (get: Get) => Promise<Result>) => Promise<Result>;
  readonly grafana: <Result>(work: (get: Get) => Promise<Result>) => Promise<Result>;
}

export interface Observation {
  readonly targets?: TargetReport;
  readonly rules?: RuleReport;
  readonly receivers?: readonly ReceiverRow[];
  readonly dashboards?: DashboardReport;
  readonly faults: readonly Fault[];
}

/** Parts that are looked at, in the order of the report. */
export const parts = ["targets", "rules", "receivers", "dashboards"] as const;
export type Part = (typeof parts)[number];

type Watched = Pick<Blueprint, "hosts" | "workloads" | "platform"> & {
  readonly platform: { readonly monitoring?: MonitoringBlueprint };
};

/** Looks at everything that watches a site. */
export async function observe(
  blueprint: Watched,
  sources: Sources,
  onDone: (part: Part) => void = () => {},
): Promise<Observation> {
  const { monitoring } = blueprint.platform;
  if (monitoring === undefined) return { faults: [] };
  const found = async <Result>(part: Part, work: () => Promise<Result>, failed: FailedPart) => {
    try {
      return { value: await work(), faults: [] };
    } catch (error) {
      return { faults: [unreached(failed, error)] };
    } finally {
      onDone(part);
    }
  };
  const { prometheus, alertmanager, grafana } = sources;
  const [targets, rules, receivers, dashboards] = await Promise.all([
    found(
      "targets",
      async () => compareTargets(expectedTargets(blueprint), await prometheus(readTargets)),
      "Prometheus' targets",
    ),
    found(
      "rules",
      async () => compareRules(monitoring.rules, await prometheus(readGroups)),
      "Prometheus' rules",
    ),
    found(
      "receivers",
      () =>
        alertmanager(async (get) =>
          compareReceivers(
            monitoring.notification,
            await readReceivers(get),
            await readMetrics(get),
          ),
        ),
      "Alertmanager's receivers",
    ),
    found(
      "dashboards",
      async () => compareDashboards(monitoring.dashboards, await grafana(readDashboards)),
      "Grafana's dashboards",
    ),
  ]);
  return {
    ...(targets.value && { targets: targets.value }),
    ...(rules.value && { rules: rules.value }),
    ...(receivers.value && { receivers: receivers.value }),
    ...(dashboards.value && { dashboards: dashboards.value }),
    faults: [
      ...targets.faults,
      ...rules.faults,
      ...receivers.faults,
      ...dashboards.faults,
      ...(targets.value === undefined ? [] : targetFaults(targets.value)),
      ...(rules.value === undefined ? [] : ruleFaults(rules.value)),
      ...(receivers.value === undefined ? [] : receiverFaults(receivers.value)),
      ...(dashboards.value === undefined ? [] : dashboardFaults(dashboards.value)),
    ],
  };
}

type FailedPart = `${"Prometheus" | "Alertmanager" | "Grafana"}'${"" | "s"} ${string}`;

function unreached(part: FailedPart, error: unknown): Fault {
  // A message for people ends with its next step already.
  const [why = "", next = "see kubectl -n monitoring get pods"] = (
    error instanceof Error ? error.message : String(error)
  ).split("\n  next: ");
  return { what: `${part} could not be read`, why, next };
}
