import type { WorkloadKind } from "../../workload/kinds";
import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { podOwner } from "./figures";
import { serviceAlert } from "./rule";

/** Workloads of the product: Pods that should run, Jobs that should be done, at the site's own numbers. */

/** A workload as rules look for it. */
export interface WatchedWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly kind: WorkloadKind;
}

/** Series of kube-state-metrics by the kind of workload: what exists, what is there, what is wanted. */
const kinds = {
  Deployment: {
    label: "deployment",
    ready: "kube_deployment_status_replicas_available",
    wanted: "kube_deployment_spec_replicas",
  },
  StatefulSet: {
    label: "statefulset",
    ready: "kube_statefulset_status_replicas_ready",
    wanted: "kube_statefulset_replicas",
  },
  DaemonSet: {
    label: "daemonset",
    ready: "kube_daemonset_status_number_ready",
    wanted: "kube_daemonset_status_desired_number_scheduled",
  },
} as const;

const workload = "{{ $labels.namespace }}/{{ $labels.workload }}";

const look = [
  "`./sitewright workloads <site>` shows the Pods and what troubles them.",
  "`kubectl -n <namespace> describe pod` and `logs --previous` of one that is not ready.",
  "Did it begin with a deployment? `./sitewright rollback` brings the release before back.",
];

export function workloadRules(watched: readonly WatchedWorkload[]): RuleGroup {
  const namespaces = [...new Set(watched.map(({ namespace }) => namespace))].sort().join("|");
  const state = `job="${jobs.clusterState}",namespace=~"${namespaces}"`;
  /** The same of every kind of workload, under the label `workload`. */
  const each = (expr: (kind: (typeof kinds)[keyof typeof kinds]) => string) =>
    Object.values(kinds)
      .map((kind) => `label_replace(${expr(kind)}, "workload", "$1", "${kind.label}", "(.+)")`)
      .join(" or ");
  /** Pods' series with the workload that they belong to. */
  const ofPods = (series: string) =>
    `sum by (namespace, workload, pod) (${series} * on (namespace, pod) group_left (workload) max by (namespace, pod, workload) (${podOwner}{namespace=~"${namespaces}"}))`;
  const running = watched.filter(({ kind }) => Object.hasOwn(kinds, kind));
  return {
    name: "workloads",
    rules: [
      serviceAlert({
        alert: "WorkloadDown",
        severity: "critical",
        minutes: 3,
        expr: each(({ ready, wanted }) => `${ready}{${state}} == 0 and ${wanted}{${state}} > 0`),
        summary: `${workload} has no Pod that is ready`,
        description: "It does nothing at all: whoever asks it gets a fault.",
        runbook: look,
      }),
      serviceAlert({
        alert: "WorkloadShort",
        severity: "warning",
        minutes: 10,
        expr: each(
          ({ ready, wanted }) =>
            `${ready}{${state}} > 0 and ${ready}{${state}} < ${wanted}{${state}}`,
        ),
        summary: `${workload} has only {{ $value }} Pods that are ready`,
        description:
          "Fewer than wanted: the others carry its load, and the next failure may leave none.",
        runbook: look,
      }),
      ...(running.length === 0
        ? []
        : [
            serviceAlert({
              alert: "WorkloadMissing",
              severity: "critical",
              minutes: 10,
              expr: `(${running.map(expected).join(" or ")}) unless on (namespace, workload) (${each(({ wanted }) => `${wanted}{${state}}`)}) and on () kube_node_info`,
              summary: `${workload} is not there`,
              description: "The release has it, and somebody or something deleted it.",
              runbook: [
                "`./sitewright preview <site>` shows what is missing; a deployment makes it again.",
                "Who deleted it? The API server's audit log, or the team of the namespace.",
              ],
            }),
          ]),
      serviceAlert({
        alert: "WorkloadRestarts",
        severity: "warning",
        minutes: 0,
        expr: `sum by (namespace, workload) (${ofPods(`sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{${state}}[30m]))`)}) > 3`,
        summary: `Containers of ${workload} were started anew {{ printf "%.0f" $value }} times within half an hour`,
        description: "Each time what they were doing is lost.",
        runbook: look,
      }),
      serviceAlert({
        alert: "WorkloadOutOfMemory",
        severity: "warning",
        minutes: 0,
        expr: ofPods(
          `sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{${state}}[15m]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{${state},reason="OOMKilled"} == 1)`,
        ),
        summary: `{{ $labels.pod }} of ${workload} reached its memory limit and was ended`,
        description: "It was started again; it will happen again.",
        runbook: [
          "Its memory over the last days on the workloads dashboard: does it grow without end?",
          "A leak: tell the product's team. Honest need: raise the limit in the release, or at the site under `workloads`.",
        ],
      }),
      serviceAlert({
        alert: "WorkloadWaits",
        severity: "warning",
        minutes: 10,
        expr: ofPods(
          `max by (namespace, pod) (max_over_time(kube_pod_container_status_waiting_reason{${state},reason=~"CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|CreateContainerConfigError|CreateContainerError"}[5m]) or kube_pod_status_unschedulable{${state}} == 1)`,
        ),
        summary: `{{ $labels.pod }} of ${workload} does not get to run`,
        description:
          "Its image cannot be pulled, its configuration is missing, no node takes it, or it ends at once.",
        runbook: look,
      }),
      serviceAlert({
        alert: "WorkloadThrottled",
        severity: "info",
        minutes: 30,
        expr: `sum by (namespace, workload) (${ofPods(`sum by (namespace, pod) (rate(container_cpu_cfs_throttled_periods_total{job="${jobs.kubelet}",namespace=~"${namespaces}",container!=""}[5m]))`)}) / sum by (namespace, workload) (${ofPods(`sum by (namespace, pod) (rate(container_cpu_cfs_periods_total{job="${jobs.kubelet}",namespace=~"${namespaces}",container!=""}[5m]))`)}) > 0.5`,
        summary: `${workload} is held up by its processor limit {{ $value | humanizePercentage }} of the time`,
        description: "It answers later than it could.",
        runbook: [
          "Raise its limit in the release, or at the site under `workloads`; or give it more replicas.",
        ],
      }),
      serviceAlert({
        alert: "WorkloadJobFails",
        severity: "warning",
        minutes: 1,
        expr: `max by (namespace, workload, job_name) (kube_job_failed{${state},condition="true"} * on (namespace, job_name) group_left (workload) max by (namespace, job_name, workload) (label_replace(kube_job_owner{${state},owner_kind="CronJob"}, "workload", "$1", "owner_name", "(.+)") or label_replace(kube_job_owner{${state},owner_kind!="CronJob"}, "workload", "$1", "job_name", "(.+)"))) > 0`,
        summary: `Job {{ $labels.job_name }} of ${workload} failed`,
        description: "It gave up after its last attempt; what it was for is not done.",
        runbook: [
          "`kubectl -n <namespace> logs job/<name>`: why?",
          "Correct the cause and run it again: `kubectl create job --from=cronjob/<name>`, or a deployment. Delete the failed Job so that this ends.",
        ],
      }),
      serviceAlert({
        alert: "WorkloadCronJobLate",
        severity: "warning",
        minutes: 15,
        expr: `label_replace(time() - kube_cronjob_next_schedule_time{${state}} > 900 unless on (namespace, cronjob) kube_cronjob_spec_suspend{${state}} == 1, "workload", "$1", "cronjob", "(.+)")`,
        summary: `${workload} should have run {{ $value | humanizeDuration }} ago`,
        description: "Its last run is still going, or the control plane starts none.",
        runbook: [
          "`kubectl -n <namespace> get jobs`: does an old one hang?",
          "Look at kube-controller-manager when there is none.",
        ],
      }),
    ],
  };
}

function expected({ namespace, name }: WatchedWorkload): string {
  return `label_replace(label_replace(vector(1), "namespace", "${namespace}", "", ""), "workload", "${name}", "", "")`;
}
