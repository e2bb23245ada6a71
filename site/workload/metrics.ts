import type { MetricsBlueprint } from "../platform/monitoring-types";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";

/** A Pod that does not answer for so long counts as gone. */
const mostSeconds = 10;

/** What is read of a workload's own figures; undefined where it shows none, or the site has nobody to read them. */
export function workloadMetrics(
  { monitoring }: Pick<Site, "monitoring">,
  { metrics }: Pick<ReleaseWorkload, "metrics">,
): MetricsBlueprint | undefined {
  if (monitoring === undefined || metrics === undefined) return undefined;
  return { ...metrics, timeoutSeconds: Math.min(mostSeconds, metrics.intervalSeconds) };
}
