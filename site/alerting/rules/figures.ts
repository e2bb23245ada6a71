import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { hostJobs } from "./hosts";
import { recording } from "./rule";

/** Figures that rules and dashboards ask for again and again, under the names that others know them by. */

const state = `job="${jobs.clusterState}"`;
const containers = `job="${jobs.kubelet}",metrics_path="/metrics/cadvisor",image!=""`;

const network = (way: "receive" | "transmit") =>
  recording(
    `instance:node_network_${way}_bytes_physical:rate5m`,
    `sum without (device) (rate(node_network_${way}_bytes_total{${hostJobs},device!~"lo|veth.+|cali.+|tunl.+|kube.+|docker.+"}[5m]))`,
  );

export const hostFigures: RuleGroup = {
  name: "host-figures",
  rules: [
    recording(
      "instance:node_num_cpu:sum",
      `count without (cpu, mode) (node_cpu_seconds_total{${hostJobs},mode="idle"})`,
    ),
    recording(
      "instance:node_cpu_utilisation:rate5m",
      `1 - avg without (cpu) (sum without (mode) (rate(node_cpu_seconds_total{${hostJobs},mode=~"idle|iowait|steal"}[5m])))`,
    ),
    recording(
      "instance:node_load1_per_cpu:ratio",
      `node_load1{${hostJobs}} / instance:node_num_cpu:sum`,
    ),
    recording(
      "instance:node_memory_utilisation:ratio",
      `1 - node_memory_MemAvailable_bytes{${hostJobs}} / node_memory_MemTotal_bytes{${hostJobs}}`,
    ),
    recording(
      "instance_device:node_disk_io_time_seconds:rate5m",
      `rate(node_disk_io_time_seconds_total{${hostJobs},device=~"nvme.+|sd.+|vd.+|xvd.+|md.+|dm-.+"}[5m])`,
    ),
    network("receive"),
    network("transmit"),
  ],
};

const withNode = (figure: string) =>
  `${figure} * on (namespace, pod) group_left (node) topk by (namespace, pod) (1, max by (namespace, pod, node) (kube_pod_info{${state},node!=""}))`;

/** Pods of one kind of owner, by the workload's name. */
const owned = (kind: string, type: string) =>
  recording(
    podOwner,
    `max by (namespace, workload, pod) (label_replace(kube_pod_owner{${state},owner_kind="${kind}"}, "workload", "$1", "owner_name", "(.+)"))`,
    { workload_type: type },
  );

/** One series a Pod, with its workload: Deployment rather than ReplicaSet, CronJob rather than Job. */
export const podOwner = "namespace_workload_pod:kube_pod_owner:relabel";

/** Pods of what another object made for a workload. */
const ownedThrough = (kind: string, label: string, owners: string, type: string) =>
  recording(
    podOwner,
    `max by (namespace, workload, pod) (label_replace(label_replace(kube_pod_owner{${state},owner_kind="${kind}"}, "${label}", "$1", "owner_name", "(.+)") * on (namespace, ${label}) group_left (workload) max by (namespace, ${label}, workload) (label_replace(${owners}, "workload", "$1", "owner_name", "(.+)")), "owner_name", "", "", ""))`,
    { workload_type: type },
  );

export const podFigures: RuleGroup = {
  name: "pod-figures",
  rules: [
    recording(
      "node_namespace_pod_container:container_cpu_usage_seconds_total:sum_rate5m",
      withNode(
        `sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{${containers}}[5m]))`,
      ),
    ),
    recording(
      "node_namespace_pod_container:container_memory_working_set_bytes",
      withNode(
        `sum by (namespace, pod, container) (container_memory_working_set_bytes{${containers}})`,
      ),
    ),
    ownedThrough(
      "ReplicaSet",
      "replicaset",
      `kube_replicaset_owner{${state},owner_kind="Deployment"}`,
      "deployment",
    ),
    owned("StatefulSet", "statefulset"),
    owned("DaemonSet", "daemonset"),
    ownedThrough("Job", "job_name", `kube_job_owner{${state},owner_kind="CronJob"}`, "cronjob"),
    recording(
      podOwner,
      `max by (namespace, workload, pod) (label_replace(label_replace(kube_pod_owner{${state},owner_kind="Job"}, "job_name", "$1", "owner_name", "(.+)") unless on (namespace, job_name) kube_job_owner{${state},owner_kind="CronJob"}, "workload", "$1", "owner_name", "(.+)"))`,
      { workload_type: "job" },
    ),
  ],
};
