import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Pods of everything but the product: the platform's parts and the namespaces of teams. */

const tooFew = (ready: string, wanted: string) => `${ready} < ${wanted}`;

const look = [
  "`kubectl -n <namespace> get pods -o wide` and `kubectl -n <namespace> describe` what is not ready.",
  "`kubectl -n <namespace> get events --sort-by=.lastTimestamp`: no room, no image, failing probes?",
];

/** @param product namespaces of the product, whose workloads have rules of their own */
export function podRules(product: readonly string[]): RuleGroup {
  const state = `job="${jobs.clusterState}",namespace!~"${product.join("|")}"`;
  return {
    name: "pods",
    rules: [
      systemAlert({
        alert: "PodCrashLooping",
        severity: "warning",
        minutes: 15,
        expr: `max_over_time(kube_pod_container_status_waiting_reason{${state},reason="CrashLoopBackOff"}[5m]) >= 1`,
        summary:
          "{{ $labels.container }} of Pod {{ $labels.namespace }}/{{ $labels.pod }} ends again and again",
        description: "What it does is not done; its further Pods carry the load.",
        runbook: [
          "`kubectl -n <namespace> logs <pod> -c <container> --previous`: its last words.",
          "`kubectl -n <namespace> describe pod`: exit code, OOMKilled, failing probe?",
          "Correct configuration, limit or probe; for a part of the platform run the deployment again.",
        ],
      }),
      systemAlert({
        alert: "PodNotReady",
        severity: "warning",
        minutes: 15,
        expr: `sum by (namespace, pod) (max by (namespace, pod) (kube_pod_status_phase{${state},phase=~"Pending|Unknown|Failed"}) * on (namespace, pod) group_left () max by (namespace, pod) (kube_pod_owner{${state},owner_kind!="Job"})) > 0`,
        summary: "Pod {{ $labels.namespace }}/{{ $labels.pod }} has not run for 15 minutes",
        description: "It waits for a place, a volume or an image, or its node is gone.",
        runbook: [
          ...look,
          "Pending with FailedScheduling: room or labels of nodes are missing. FailedMount: see the storage rules.",
        ],
      }),
      systemAlert({
        alert: "PodNotScheduled",
        severity: "warning",
        minutes: 10,
        expr: `kube_pod_status_unschedulable{${state}} == 1`,
        summary: "No node takes Pod {{ $labels.namespace }}/{{ $labels.pod }}",
        description: "There is no room for its requests, or none with the labels that it asks for.",
        runbook: [
          "`kubectl -n <namespace> describe pod`: the line FailedScheduling counts the nodes by reason.",
          "Insufficient cpu or memory: lower requests, remove Pods or add a worker. Taints, affinity: is a node closed or gone?",
        ],
      }),
      systemAlert({
        alert: "ImagePullFails",
        severity: "warning",
        minutes: 10,
        expr: `max_over_time(kube_pod_container_status_waiting_reason{${state},reason=~"ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull"}[5m]) >= 1`,
        summary:
          "The image of {{ $labels.container }} in {{ $labels.namespace }}/{{ $labels.pod }} cannot be pulled",
        description: "The container does not start.",
        runbook: [
          "`kubectl -n <namespace> describe pod` names the image and the registry's answer.",
          "Not found: push it to the site's registry (`./sitewright bundle`, or the team's pipeline). Unauthorized: its robot or pull secret. Timeout: see RegistryDown.",
        ],
      }),
      systemAlert({
        alert: "ContainerConfigurationMissing",
        severity: "warning",
        minutes: 15,
        expr: `max_over_time(kube_pod_container_status_waiting_reason{${state},reason=~"CreateContainerConfigError|CreateContainerError|RunContainerError"}[5m]) >= 1`,
        summary:
          "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} cannot be made: {{ $labels.reason }}",
        description:
          "A ConfigMap or Secret that it names is not there, or its command is not in the image.",
        runbook: [
          "`kubectl -n <namespace> describe pod` says what is missing.",
          "Create it, or correct the name.",
        ],
      }),
      systemAlert({
        alert: "DeploymentShort",
        severity: "warning",
        minutes: 15,
        expr: tooFew(
          `kube_deployment_status_replicas_available{${state}}`,
          `kube_deployment_spec_replicas{${state}}`,
        ),
        summary:
          "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} lacks Pods: {{ $value }} are available",
        description: "It has less strength than it was given; with none it does nothing at all.",
        runbook: look,
      }),
      systemAlert({
        alert: "StatefulSetShort",
        severity: "warning",
        minutes: 15,
        expr: tooFew(
          `kube_statefulset_status_replicas_ready{${state}}`,
          `kube_statefulset_replicas{${state}}`,
        ),
        summary:
          "StatefulSet {{ $labels.namespace }}/{{ $labels.statefulset }} lacks Pods: {{ $value }} are ready",
        description: "A member of what keeps data is missing.",
        runbook: [
          ...look,
          "A Pod that stays Terminating on a lost node: once that host is off for certain, `kubectl delete pod --force`.",
        ],
      }),
      systemAlert({
        alert: "DaemonSetShort",
        severity: "warning",
        minutes: 20,
        expr: tooFew(
          `kube_daemonset_status_number_ready{${state}}`,
          `kube_daemonset_status_desired_number_scheduled{${state}}`,
        ),
        summary:
          "DaemonSet {{ $labels.namespace }}/{{ $labels.daemonset }} is ready on {{ $value }} nodes only",
        description: "On the others its work is not done: network, storage, logs or figures.",
        runbook: look,
      }),
      systemAlert({
        alert: "JobFails",
        severity: "warning",
        minutes: 5,
        expr: `kube_job_failed{${state},condition="true"} > 0`,
        summary: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed",
        description: "It gave up after its last attempt.",
        runbook: [
          "`kubectl -n <namespace> logs job/<name>`: why?",
          "Correct the cause, then run it again; delete the failed Job so that this ends.",
        ],
      }),
      systemAlert({
        alert: "CronJobOverdue",
        severity: "warning",
        minutes: 60,
        expr: `time() - kube_cronjob_next_schedule_time{${state}} > 3600 unless kube_cronjob_spec_suspend{${state}} == 1`,
        summary:
          "CronJob {{ $labels.namespace }}/{{ $labels.cronjob }} should have run an hour ago",
        description: "Its last run is still going, or the control plane starts none.",
        runbook: [
          "`kubectl -n <namespace> get jobs`: does an old one still run, with concurrencyPolicy Forbid?",
          "Look at kube-controller-manager when there is none.",
        ],
      }),
      systemAlert({
        alert: "PodBudgetAtLimit",
        severity: "info",
        minutes: 60,
        expr: `kube_poddisruptionbudget_status_current_healthy{${state}} <= kube_poddisruptionbudget_status_desired_healthy{${state}} and kube_poddisruptionbudget_status_expected_pods{${state}} > 1`,
        summary:
          "No Pod of {{ $labels.namespace }}/{{ $labels.poddisruptionbudget }} may be missing now",
        description: "A drain of a node waits for it without end.",
        runbook: look,
      }),
      systemAlert({
        alert: "QuotaAlmostUsed",
        severity: "info",
        minutes: 30,
        expr: `kube_resourcequota{job="${jobs.clusterState}",type="used"} / ignoring (type) (kube_resourcequota{job="${jobs.clusterState}",type="hard"} > 0) > 0.95`,
        summary:
          "Namespace {{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its {{ $labels.resource }}",
        description:
          "What is above the quota is refused: the next roll-out may not find room for its new Pods.",
        runbook: [
          "`kubectl -n <namespace> describe quota`.",
          "Remove what is not needed, or raise the quota under `tenancy` in the site file.",
        ],
      }),
    ],
  };
}
