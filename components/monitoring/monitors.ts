import { workloadJob } from "../../site/alerting/jobs";
import { scrapeLabels } from "../../site/alerting/scrape-labels";
import type { MonitorBlueprint } from "../../site/platform/monitoring-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { selectorLabels } from "../workload/labels";

/** What Prometheus reads from Pods, as objects of its operator. */

const apiVersion = "monitoring.coreos.com/v1";

const asJob = (job: string) => ({ action: "replace", targetLabel: "job", replacement: job });

const byNode = {
  action: "replace",
  sourceLabels: ["__meta_kubernetes_pod_node_name"],
  targetLabel: scrapeLabels.host,
};

function listed(params: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, [value]]));
}

/** A part of the platform. */
export function podMonitor(namespace: string, monitor: MonitorBlueprint) {
  const { name, job, namespaces, labels, anyOf, port, path, params, ofNode, maxSamples, keep } =
    monitor;
  return {
    apiVersion,
    kind: "PodMonitor",
    metadata: { name, namespace },
    spec: {
      namespaceSelector: namespaces.length === 0 ? { any: true } : { matchNames: [...namespaces] },
      selector: {
        ...(Object.keys(labels).length > 0 && { matchLabels: { ...labels } }),
        ...(anyOf !== undefined && {
          matchExpressions: [{ key: anyOf.key, operator: "In", values: [...anyOf.values] }],
        }),
      },
      sampleLimit: maxSamples,
      podMetricsEndpoints: [
        {
          ...(typeof port === "number" ? { portNumber: port } : { port }),
          path,
          ...(params !== undefined && { params: listed(params) }),
          relabelings: [asJob(job), ...(ofNode === true ? [byNode] : [])],
          ...(keep !== undefined && {
            metricRelabelings: [{ action: "keep", sourceLabels: ["__name__"], regex: keep }],
          }),
        },
      ],
    },
  };
}

/** A workload's own figures; undefined where it shows none, or the site does not look. */
export function workloadMonitor(workload: WorkloadBlueprint) {
  const { name, namespace, metrics } = workload;
  if (metrics === undefined) return undefined;
  const { port, path, scheme, intervalSeconds, timeoutSeconds, maxSamples, drop } = metrics;
  return {
    apiVersion,
    kind: "PodMonitor",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { ...selectorLabels(workload) } },
      sampleLimit: maxSamples,
      podMetricsEndpoints: [
        {
          port,
          path,
          scheme,
          interval: `${intervalSeconds}s`,
          scrapeTimeout: `${timeoutSeconds}s`,
          // Certificates of Pods are their own affair; what is read is no secret to them.
          ...(scheme === "https" && { tlsConfig: { insecureSkipVerify: true } }),
          relabelings: [
            asJob(workloadJob),
            { action: "replace", targetLabel: scrapeLabels.workload, replacement: name },
          ],
          ...(drop.length > 0 && {
            metricRelabelings: drop.map((regex) => ({
              action: "drop",
              sourceLabels: ["__name__"],
              regex,
            })),
          }),
        },
      ],
    },
  };
}
