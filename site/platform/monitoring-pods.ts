import type { BlueprintInput } from "../blueprint-input";
import { isNode, nodeTaints, ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import { monitoringNamespace as namespace } from "./monitoring-place";
import { together } from "./monitoring-size";
import type { MonitoringBlueprint } from "./monitoring-types";
import type { PlatformPods } from "./part-types";

/** Pods of monitoring, and what they ask for. */

/** Requests for what is there all the time; Prometheus' own follow from the site's size. */
const resources = {
  alertmanager: {
    requests: { cpu: "20m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "256Mi" },
  },
  grafana: { requests: { cpu: "50m", memory: "192Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  helper: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "200m", memory: "192Mi" } },
  operator: { requests: { cpu: "20m", memory: "96Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  reloader: { requests: { cpu: "5m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
  clusterState: {
    requests: { cpu: "20m", memory: "96Mi" },
    limits: { cpu: "500m", memory: "384Mi" },
  },
  nodes: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "250m", memory: "96Mi" } },
  prober: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "250m", memory: "96Mi" } },
} as const satisfies Readonly<Record<string, Resources>>;

/** Labels of the nodes that they run on, but for what looks at nodes themselves. */
export const monitoringNodes = { [`${ownPrefix}worker`]: "true" };

/** What a program of monitoring asks for. */
export function resourcesOf(program: keyof typeof resources): Resources {
  return resources[program];
}

type Own = Pick<MonitoringBlueprint, "prometheus" | "alertmanager" | "probing">;

/** All of them, for the capacity of the site. */
export function monitoringPods({ site }: BlueprintInput, own: Own): readonly PlatformPods[] {
  const pod = (name: string, replicas: number, wanted: Resources): PlatformPods => ({
    name,
    namespace,
    replicas,
    resources: wanted,
    nodeSelector: monitoringNodes,
    tolerates: [],
  });
  const nodes = site.hosts.filter(isNode);
  return [
    pod(
      "prometheus",
      own.prometheus.replicas,
      together(own.prometheus.resources, resourcesOf("reloader")),
    ),
    pod(
      "alertmanager",
      own.alertmanager.replicas,
      together(resourcesOf("alertmanager"), resourcesOf("reloader")),
    ),
    pod("grafana", 1, together(resourcesOf("grafana"), resourcesOf("helper"))),
    pod("prometheus-operator", 1, resourcesOf("operator")),
    pod("kube-state-metrics", 1, resourcesOf("clusterState")),
    pod("blackbox-exporter", own.probing.replicas, own.probing.resources),
    {
      ...pod("node-exporter", nodes.length, resourcesOf("nodes")),
      nodeSelector: {},
      tolerates: [...new Set(nodes.flatMap(nodeTaints).map(({ key }) => key))],
    },
  ];
}
