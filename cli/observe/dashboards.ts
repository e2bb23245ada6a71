import type { Dashboard } from "../../site/dashboards/dashboard-types";
import type { Fault } from "./fault";

export interface DashboardReport {
  readonly expected: number;
  readonly present: number;
  /** Titles. */
  readonly missing: readonly string[];
}

/** Dashboards of the site against those that Grafana has. */
export function compareDashboards(
  expected: readonly Dashboard[],
  present: readonly string[],
): DashboardReport {
  const missing = expected.filter(({ uid }) => !present.includes(uid));
  return {
    expected: expected.length,
    present: expected.length - missing.length,
    missing: missing.map(({ title }) => title),
  };
}

export function dashboardFaults({ missing, expected }: DashboardReport): readonly Fault[] {
  if (missing.length === 0) return [];
  return [
    {
      what: `Grafana lacks ${missing.length} of ${expected} dashboards: ${missing.join(", ")}`,
      why: "its sidecar has not brought them",
      next: "kubectl -n monitoring get configmaps -l grafana_dashboard=1; then kubectl -n monitoring logs deployment/monitoring-grafana -c grafana-sc-dashboard",
    },
  ];
}
