import type { Dashboard } from "../../site/dashboards/dashboard-types";
import { monitoringNamespace } from "../../site/platform/monitoring-place";
import { grafanaDashboard } from "./grafana-dashboard";

/** What Grafana's sidecar looks for. */
const mark = { grafana_dashboard: "1" };

/** Most that the API server takes as one object, less what stands around the dashboard. */
const mostBytes = 1024 * 1024 - 16 * 1024;

/**
 * A ConfigMap for each dashboard, which Grafana's sidecar brings into the folder that it names.
 * @throws when one is larger than the API server takes, which is a fault of ours.
 */
export function dashboardConfigMaps(dashboards: readonly Dashboard[]) {
  const titles = new Map(dashboards.map(({ uid, title }) => [uid, title]));
  return dashboards.map((dashboard) => {
    const { uid, folder } = dashboard;
    const text = grafanaDashboard(dashboard, titles);
    if (Buffer.byteLength(text) > mostBytes) {
      throw new Error(`dashboard ${uid} is larger than a ConfigMap can be`);
    }
    return {
      metadata: {
        name: `dashboard-${uid}`,
        namespace: monitoringNamespace,
        labels: mark,
        annotations: { grafana_folder: folder },
      },
      data: { [`${uid}.json`]: text },
    };
  });
}
