import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import type { Dashboard, PanelRow } from "./dashboard-types";
import { bars, fullIsBad, lines, noneIsWell, number, table } from "./panels";
import { from, namespaceVariable, podsOfWorkload, workloadVariable } from "./selectors";
import { folders, uids } from "./uids";

const ns = 'namespace=~"$namespace"';
const state = (...matchers: readonly string[]) => from(jobs.clusterState, ns, ...matchers);
const pods = (...matchers: readonly string[]) => state(podsOfWorkload, ...matchers);
/** Containers as the kubelet counts them, without the sum over the Pod and the container that holds its network. */
const containers = (...matchers: readonly string[]) =>
  from(jobs.kubelet, ns, podsOfWorkload, 'container!=""', 'container!="POD"', ...matchers);
/** Requests as the side that answers counted them. */
const answered = (...matchers: readonly string[]) =>
  from(
    jobs.meshProxies,
    'reporter="destination"',
    'destination_workload_namespace=~"$namespace"',
    'destination_workload=~"$workload"',
    ...matchers,
  );
const byWorkload = "destination_workload_namespace, destination_workload";
const workloadLegend = "{{destination_workload_namespace}}/{{destination_workload}}";

/** Workloads by namespace and name: what they promise, what they use, and whether all of them are there. */
export function workloadsDashboard({ site }: BlueprintInput): Dashboard {
  return {
    uid: uids.workloads,
    title: "Workloads",
    description:
      "Workloads by namespace and name: requests, what they use of what they may, restarts.",
    folder: folders.product,
    variables: [namespaceVariable, workloadVariable],
    links: [uids.overview, uids.hosts, ...(site.mesh === undefined ? [] : [uids.mesh])],
    rows: [stateRow(), ...(site.mesh === undefined ? [] : [requestRow()]), useRow(), volumeRow()],
  };
}

function stateRow(): PanelRow {
  return {
    title: "State",
    panels: [
      number(
        "Pods not ready",
        "Pods of the chosen workloads that do not serve.",
        "none",
        `sum(kube_pod_status_ready${pods('condition="false"')} * on (namespace, pod) (kube_pod_status_phase${pods('phase="Running"')} > 0))`,
        noneIsWell,
      ),
      number(
        "Restarts in an hour",
        "Containers that ended and were started again.",
        "none",
        `sum(increase(kube_pod_container_status_restarts_total${pods()}[1h]))`,
        noneIsWell,
      ),
      number(
        "Out of memory",
        "Containers that were ended last because they needed more memory than their limit.",
        "none",
        `sum(kube_pod_container_status_last_terminated_reason${pods('reason="OOMKilled"')})`,
        noneIsWell,
      ),
      table(
        "Why containers wait",
        "Containers that do not start, and why: no image, a wrong configuration, or ending again and again.",
        "none",
        `kube_pod_container_status_waiting_reason${pods()} > 0`,
        { namespace: "Namespace", pod: "Pod", container: "Container", reason: "Reason" },
        { height: 6 },
      ),
      lines("Replicas missing", "Replicas that are wanted and not available.", "none", [
        [
          `kube_deployment_spec_replicas${state('deployment=~"$workload"')} - kube_deployment_status_replicas_available${state('deployment=~"$workload"')}`,
          "{{namespace}}/{{deployment}}",
        ],
        [
          `kube_statefulset_replicas${state('statefulset=~"$workload"')} - kube_statefulset_status_replicas_ready${state('statefulset=~"$workload"')}`,
          "{{namespace}}/{{statefulset}}",
        ],
        [
          `kube_daemonset_status_desired_number_scheduled${state('daemonset=~"$workload"')} - kube_daemonset_status_number_available${state('daemonset=~"$workload"')}`,
          "{{namespace}}/{{daemonset}}",
        ],
      ]),
      lines("Restarts", "Containers that ended and were started again, by Pod.", "none", [
        [
          `sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total${pods()}[15m])) > 0`,
          "{{namespace}}/{{pod}}",
        ],
      ]),
    ],
  };
}

function requestRow(): PanelRow {
  return {
    title: "Requests, as the mesh sees them",
    panels: [
      lines("Requests", "Requests a second that were answered.", "reqps", [
        [`sum by (${byWorkload}) (rate(istio_requests_total${answered()}[5m]))`, workloadLegend],
      ]),
      lines(
        "Failed",
        "Share of requests that were answered with 5xx, or not at all.",
        "percentunit",
        [
          [
            `sum by (${byWorkload}) (rate(istio_requests_total${answered('response_code=~"5..|0"')}[5m])) / sum by (${byWorkload}) (rate(istio_requests_total${answered()}[5m]))`,
            workloadLegend,
          ],
        ],
        {
          thresholds: [
            { colour: "green" },
            { from: 0.01, colour: "yellow" },
            { from: 0.05, colour: "red" },
          ],
        },
      ),
      lines(
        "Time to answer",
        "Half of the requests, and all but one in a hundred, are faster.",
        "ms",
        [
          [
            `histogram_quantile(0.5, sum by (le, ${byWorkload}) (rate(istio_request_duration_milliseconds_bucket${answered()}[5m])))`,
            `${workloadLegend} half`,
          ],
          [
            `histogram_quantile(0.99, sum by (le, ${byWorkload}) (rate(istio_request_duration_milliseconds_bucket${answered()}[5m])))`,
            `${workloadLegend} 99 %`,
          ],
        ],
      ),
      lines(
        "Answers by status",
        "What the chosen workloads answered with.",
        "reqps",
        [
          [
            `sum by (response_code) (rate(istio_requests_total${answered()}[5m]))`,
            "{{response_code}}",
          ],
        ],
        { stacked: true },
      ),
    ],
  };
}

function useRow(): PanelRow {
  const cpu = `rate(container_cpu_usage_seconds_total${containers()}[5m])`;
  const memory = `container_memory_working_set_bytes${containers()}`;
  const bound = (what: "requests" | "limits", resource: string) =>
    `sum by (namespace, pod) (kube_pod_container_resource_${what}${pods(`resource="${resource}"`)})`;
  return {
    title: "Use against requests and limits",
    panels: [
      lines(
        "Processors of requests",
        "Use as a share of what was asked for. Far below one: too much is kept free; above one: taken from others.",
        "percentunit",
        [[`sum by (namespace, pod) (${cpu}) / ${bound("requests", "cpu")}`, "{{pod}}"]],
      ),
      lines(
        "Processors of limits",
        "Use as a share of what is allowed. Near one the Pod is slowed down.",
        "percentunit",
        [[`sum by (namespace, pod) (${cpu}) / ${bound("limits", "cpu")}`, "{{pod}}"]],
        fullIsBad,
      ),
      lines(
        "Memory of requests",
        "Use as a share of what was asked for. Above one the Pod is among the first to go when a node is short.",
        "percentunit",
        [[`sum by (namespace, pod) (${memory}) / ${bound("requests", "memory")}`, "{{pod}}"]],
      ),
      lines(
        "Memory of limits",
        "Use as a share of what is allowed. At one a container is ended.",
        "percentunit",
        [[`sum by (namespace, pod) (${memory}) / ${bound("limits", "memory")}`, "{{pod}}"]],
        fullIsBad,
      ),
      lines(
        "Slowed down",
        "Share of a container's turns in which its limit of processors held it back.",
        "percentunit",
        [
          [
            `sum by (namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total${containers()}[5m])) / sum by (namespace, pod, container) (rate(container_cpu_cfs_periods_total${containers()}[5m]))`,
            "{{pod}} {{container}}",
          ],
        ],
        {
          thresholds: [
            { colour: "green" },
            { from: 0.25, colour: "yellow" },
            { from: 0.5, colour: "red" },
          ],
        },
      ),
      lines("Network", "What Pods receive and send.", "Bps", [
        [
          `sum by (namespace, pod) (rate(container_network_receive_bytes_total${from(jobs.kubelet, ns, podsOfWorkload)}[5m]))`,
          "{{pod}} received",
        ],
        [
          `sum by (namespace, pod) (rate(container_network_transmit_bytes_total${from(jobs.kubelet, ns, podsOfWorkload)}[5m]))`,
          "{{pod}} sent",
        ],
      ]),
    ],
  };
}

function volumeRow(): PanelRow {
  return {
    title: "Volumes",
    panels: [
      bars(
        "Volumes used",
        "Share of each volume of the chosen namespaces that is used.",
        "percentunit",
        [
          [
            `1 - max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes${from(jobs.kubelet, ns)} / kubelet_volume_stats_capacity_bytes${from(jobs.kubelet, ns)})`,
            "{{namespace}}/{{persistentvolumeclaim}}",
          ],
        ],
        fullIsBad,
      ),
      lines("Room left", "Bytes left in each volume.", "bytes", [
        [
          `max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes${from(jobs.kubelet, ns)})`,
          "{{namespace}}/{{persistentvolumeclaim}}",
        ],
      ]),
    ],
  };
}
