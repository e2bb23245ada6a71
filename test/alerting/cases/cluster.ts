import { type Cases, pair, values } from "./case";

const state = 'job="kube-state-metrics"';
const kubelet = 'job="kubelet",instance="192.0.2.21:10250",node="worker-1"';
const node = { node: "worker-1" };

export const nodeCases: Cases = {
  NodeNotReady: values(
    15,
    `kube_node_status_condition{${state},node="worker-1",condition="Ready",status="true"}`,
    "1x5 0x15",
    "1x5 0x2 1x15",
    node,
  ),
  NodeUnsteady: values(
    40,
    `kube_node_status_condition{${state},node="worker-1",condition="Ready",status="true"}`,
    "1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1 1 0 0 1",
    "1x50",
    node,
  ),
  NodeUnderPressure: values(
    10,
    `kube_node_status_condition{${state},node="worker-1",condition="DiskPressure",status="true"}`,
    "1x20",
    "0x20",
    { ...node, condition: "DiskPressure" },
  ),
  NodeClosed: values(
    900,
    `kube_node_spec_unschedulable{${state},node="worker-1"}`,
    "1x100",
    "0x20 1x40 0x40",
    node,
    10,
  ),
  NodePodsFull: values(
    30,
    [
      ...["a", "b"].flatMap((pod) => [
        `kube_pod_info{${state},namespace="x",pod="${pod}",node="worker-1"}`,
        `kube_pod_status_phase{${state},namespace="x",pod="${pod}",phase="Running"}`,
      ]),
      `kube_node_status_allocatable{${state},node="worker-1",resource="pods"}`,
    ],
    ["1x40", "1x40", "1x40", "1x40", "2x40"],
    // One of the two has ended.
    ["1x40", "1x40", "1x40", "0x40", "2x40"],
    node,
  ),
  NodeLacksFigures: pair(
    30,
    { [`kube_node_info{${state},node="worker-1"}`]: "1x40" },
    {
      [`kube_node_info{${state},node="worker-1"}`]: "1x40",
      [`kubelet_node_name{${kubelet}}`]: "1x40",
    },
    node,
  ),
  KubeletSlow: values(
    40,
    [
      `kubelet_pleg_relist_duration_seconds_bucket{${kubelet},le="10.0"}`,
      `kubelet_pleg_relist_duration_seconds_bucket{${kubelet},le="30.0"}`,
      `kubelet_pleg_relist_duration_seconds_bucket{${kubelet},le="+Inf"}`,
    ],
    ["0+1x50", "0+60x50", "0+60x50"],
    ["0+60x50", "0+60x50", "0+60x50"],
    node,
  ),
  KubeletCertificateExpires: values(
    45,
    `kubelet_certificate_manager_client_ttl_seconds{${kubelet}}`,
    "86400x60",
    "8640000x60",
    node,
  ),
};

const where = 'namespace="rook-ceph"';
const pod = `${where},pod="mgr-1"`;
const container = `${pod},container="mgr"`;
const ofPod = { namespace: "rook-ceph", pod: "mgr-1" };
const ofContainer = { ...ofPod, container: "mgr" };

const waiting = (reason: string) =>
  values(
    30,
    `kube_pod_container_status_waiting_reason{${state},${container},reason="${reason}"}`,
    "1x40",
    "0x40",
    ofContainer,
  );

const short = (kind: string, ready: string, wanted: string) =>
  values(
    40,
    [`${ready}{${state},${where},${kind}="some"}`, `${wanted}{${state},${where},${kind}="some"}`],
    ["1x50", "2x50"],
    ["2x50", "2x50"],
    { namespace: "rook-ceph", [kind]: "some" },
  );

export const podCases: Cases = {
  PodCrashLooping: {
    fires: waiting("CrashLoopBackOff").fires,
    quiet: [
      ...waiting("CrashLoopBackOff").quiet,
      // The product's Pods have rules of their own.
      {
        series: {
          [`kube_pod_container_status_waiting_reason{${state},namespace="sample",pod="web-1",container="web",reason="CrashLoopBackOff"}`]:
            "1x40",
        },
        minutes: 30,
      },
    ],
  },
  PodNotReady: pair(
    30,
    {
      [`kube_pod_status_phase{${state},${pod},phase="Pending"}`]: "1x40",
      [`kube_pod_owner{${state},${pod},owner_kind="ReplicaSet",owner_name="mgr"}`]: "1x40",
    },
    {
      [`kube_pod_status_phase{${state},${pod},phase="Failed"}`]: "1x40",
      [`kube_pod_owner{${state},${pod},owner_kind="Job",owner_name="prepare"}`]: "1x40",
    },
    ofPod,
  ),
  PodNotScheduled: values(
    20,
    `kube_pod_status_unschedulable{${state},${pod}}`,
    "1x30",
    "0x30",
    ofPod,
  ),
  ImagePullFails: waiting("ImagePullBackOff"),
  ContainerConfigurationMissing: {
    fires: waiting("CreateContainerConfigError").fires.map((one) => ({
      ...one,
      labels: { ...ofContainer, reason: "CreateContainerConfigError" },
    })),
    quiet: waiting("CreateContainerConfigError").quiet,
  },
  DeploymentShort: short(
    "deployment",
    "kube_deployment_status_replicas_available",
    "kube_deployment_spec_replicas",
  ),
  StatefulSetShort: short(
    "statefulset",
    "kube_statefulset_status_replicas_ready",
    "kube_statefulset_replicas",
  ),
  DaemonSetShort: short(
    "daemonset",
    "kube_daemonset_status_number_ready",
    "kube_daemonset_status_desired_number_scheduled",
  ),
  JobFails: values(
    10,
    `kube_job_failed{${state},${where},job_name="prepare",condition="true"}`,
    "1x20",
    "0x20",
    { namespace: "rook-ceph", job_name: "prepare" },
  ),
  CronJobOverdue: values(
    180,
    [
      `kube_cronjob_next_schedule_time{${state},${where},cronjob="tidy"}`,
      `kube_cronjob_spec_suspend{${state},${where},cronjob="tidy"}`,
    ],
    ["600x200", "0x200"],
    // Somebody wanted it to rest.
    ["600x200", "1x200"],
    { namespace: "rook-ceph", cronjob: "tidy" },
  ),
  PodBudgetAtLimit: values(
    90,
    [
      `kube_poddisruptionbudget_status_current_healthy{${state},${where},poddisruptionbudget="mgr"}`,
      `kube_poddisruptionbudget_status_desired_healthy{${state},${where},poddisruptionbudget="mgr"}`,
      `kube_poddisruptionbudget_status_expected_pods{${state},${where},poddisruptionbudget="mgr"}`,
    ],
    ["1x100", "1x100", "2x100"],
    ["2x100", "1x100", "2x100"],
    { namespace: "rook-ceph", poddisruptionbudget: "mgr" },
  ),
  QuotaAlmostUsed: values(
    60,
    [
      `kube_resourcequota{${state},namespace="team",resource="pods",type="used"}`,
      `kube_resourcequota{${state},namespace="team",resource="pods",type="hard"}`,
    ],
    ["20x70", "20x70"],
    ["10x70", "20x70"],
    { namespace: "team", resource: "pods" },
  ),
};

const claim = `${kubelet},namespace="parcels",persistentvolumeclaim="data-ledger-0"`;
const ofClaim = { namespace: "parcels", persistentvolumeclaim: "data-ledger-0" };
const volume = [
  `kubelet_volume_stats_available_bytes{${claim}}`,
  `kubelet_volume_stats_capacity_bytes{${claim}}`,
  `kubelet_volume_stats_used_bytes{${claim}}`,
];

export const volumeCases: Cases = {
  VolumeAlmostFull: values(
    15,
    volume,
    ["3x20", "100x20", "97x20"],
    ["30x20", "100x20", "70x20"],
    ofClaim,
  ),
  VolumeFullSoon: values(
    720,
    volume.slice(0, 2),
    ["30-0.02x800", "100x800"],
    ["15x800", "100x800"],
    ofClaim,
  ),
  VolumeFilesRunOut: values(
    45,
    [`kubelet_volume_stats_inodes_free{${claim}}`, `kubelet_volume_stats_inodes{${claim}}`],
    ["2x60", "100x60"],
    // Some file systems do not count them.
    ["0x60", "0x60"],
    ofClaim,
  ),
  ClaimWaits: values(
    30,
    `kube_persistentvolumeclaim_status_phase{${state},namespace="parcels",persistentvolumeclaim="data-ledger-0",phase="Pending"}`,
    "1x40",
    "0x40",
    { ...ofClaim, phase: "Pending" },
  ),
  VolumeFailed: values(
    10,
    `kube_persistentvolume_status_phase{${state},persistentvolume="pvc-1",phase="Failed"}`,
    "1x20",
    "0x20",
    { persistentvolume: "pvc-1" },
  ),
};
