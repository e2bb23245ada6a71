import { type Cases, pair, values } from "./case";

const state = 'job="kube-state-metrics",namespace="sample"';
const web = { namespace: "sample", workload: "web" };

const ready = `kube_deployment_status_replicas_available{${state},deployment="web"}`;
const wanted = `kube_deployment_spec_replicas{${state},deployment="web"}`;

/** A Pod of web, as kube-state-metrics tells whose it is. */
const owners = {
  [`kube_pod_owner{${state},pod="web-1-a",owner_kind="ReplicaSet",owner_name="web-1"}`]: "1x60",
  [`kube_replicaset_owner{${state},replicaset="web-1",owner_kind="Deployment",owner_name="web"}`]:
    "1x60",
};
/** The same of a Pod that a CronJob's Job made. */
const jobOwners = {
  [`kube_job_owner{${state},job_name="nightly-1",owner_kind="CronJob",owner_name="nightly"}`]:
    "1x60",
};
const container = `${state},pod="web-1-a",container="web"`;
const ofPod = { ...web, pod: "web-1-a" };

const there = (kind: string, name: string) => {
  const names: Readonly<Record<string, string>> = {
    deployment: "kube_deployment_spec_replicas",
    statefulset: "kube_statefulset_replicas",
    daemonset: "kube_daemonset_status_desired_number_scheduled",
  };
  return { [`${names[kind]}{${state},${kind}="${name}"}`]: "1x60" };
};
const known = { 'kube_node_info{node="worker-1"}': "1x60" };

export const workloadCases: Cases = {
  WorkloadDown: {
    fires: [
      { series: { [ready]: "0x30", [wanted]: "2x30" }, minutes: 10, labels: web },
      {
        series: {
          [`kube_statefulset_status_replicas_ready{${state},statefulset="store"}`]: "0x30",
          [`kube_statefulset_replicas{${state},statefulset="store"}`]: "1x30",
        },
        minutes: 10,
        labels: { namespace: "sample", workload: "store" },
      },
    ],
    quiet: [
      { series: { [ready]: "1x30", [wanted]: "2x30" }, minutes: 10 },
      // Nobody wants any.
      { series: { [ready]: "0x30", [wanted]: "0x30" }, minutes: 10 },
    ],
  },
  WorkloadShort: values(20, [ready, wanted], ["1x30", "2x30"], ["2x30", "2x30"], web),
  WorkloadMissing: pair(
    20,
    { ...known, ...there("statefulset", "store"), ...there("daemonset", "agent") },
    {
      ...known,
      ...there("deployment", "web"),
      ...there("statefulset", "store"),
      ...there("daemonset", "agent"),
    },
    web,
  ),
  WorkloadRestarts: pair(
    40,
    { ...owners, [`kube_pod_container_status_restarts_total{${container}}`]: "0+0.3x50" },
    { ...owners, [`kube_pod_container_status_restarts_total{${container}}`]: "0x20 1x40" },
    web,
  ),
  WorkloadOutOfMemory: pair(
    20,
    {
      ...owners,
      [`kube_pod_container_status_restarts_total{${container}}`]: "0x10 1x30",
      [`kube_pod_container_status_last_terminated_reason{${container},reason="OOMKilled"}`]: "1x40",
    },
    {
      ...owners,
      // Long ago.
      [`kube_pod_container_status_restarts_total{${container}}`]: "1x40",
      [`kube_pod_container_status_last_terminated_reason{${container},reason="OOMKilled"}`]: "1x40",
    },
    ofPod,
  ),
  WorkloadWaits: {
    fires: [
      {
        series: {
          ...owners,
          [`kube_pod_container_status_waiting_reason{${container},reason="ImagePullBackOff"}`]:
            "1x40",
        },
        minutes: 20,
        labels: ofPod,
      },
      {
        series: { ...owners, [`kube_pod_status_unschedulable{${state},pod="web-1-a"}`]: "1x40" },
        minutes: 20,
        labels: ofPod,
      },
    ],
    quiet: [
      {
        series: {
          ...owners,
          [`kube_pod_container_status_waiting_reason{${container},reason="ContainerCreating"}`]:
            "1x40",
        },
        minutes: 20,
      },
    ],
  },
  WorkloadThrottled: pair(
    50,
    {
      ...owners,
      'container_cpu_cfs_throttled_periods_total{job="kubelet",namespace="sample",pod="web-1-a",container="web"}':
        "0+50x60",
      'container_cpu_cfs_periods_total{job="kubelet",namespace="sample",pod="web-1-a",container="web"}':
        "0+60x60",
    },
    {
      ...owners,
      'container_cpu_cfs_throttled_periods_total{job="kubelet",namespace="sample",pod="web-1-a",container="web"}':
        "0+1x60",
      'container_cpu_cfs_periods_total{job="kubelet",namespace="sample",pod="web-1-a",container="web"}':
        "0+60x60",
    },
    web,
  ),
  WorkloadJobFails: {
    fires: [
      {
        series: {
          ...jobOwners,
          [`kube_job_failed{${state},job_name="nightly-1",condition="true"}`]: "1x30",
        },
        minutes: 10,
        labels: { namespace: "sample", workload: "nightly", job_name: "nightly-1" },
      },
      {
        series: {
          [`kube_job_owner{${state},job_name="setup",owner_kind="",owner_name=""}`]: "1x30",
          [`kube_job_failed{${state},job_name="setup",condition="true"}`]: "1x30",
        },
        minutes: 10,
        labels: { namespace: "sample", workload: "setup", job_name: "setup" },
      },
    ],
    quiet: [
      {
        series: {
          ...jobOwners,
          [`kube_job_failed{${state},job_name="nightly-1",condition="true"}`]: "0x30",
        },
        minutes: 10,
      },
    ],
  },
  WorkloadCronJobLate: values(
    60,
    [
      `kube_cronjob_next_schedule_time{${state},cronjob="nightly"}`,
      `kube_cronjob_spec_suspend{${state},cronjob="nightly"}`,
    ],
    ["600x70", "0x70"],
    ["600x70", "1x70"],
    { namespace: "sample", workload: "nightly" },
  ),
};

const served =
  'reporter="destination",destination_workload_namespace="sample",destination_workload="web"';
const request = (code: string) => `istio_requests_total{${served},response_code="${code}"}`;
const promised = { ...web, slo: "answers" };

/** Requests a minute that succeed and that fail, one set after the other, each for so many minutes. */
const traffic = (...times: readonly (readonly [minutes: number, good: number, bad: number])[]) => {
  const counted = (which: 1 | 2) => {
    let sum = 0;
    return times
      .map((time) => {
        const [minutes] = time;
        const written = `${sum}+${time[which]}x${minutes - 1}`;
        sum += time[which] * minutes;
        return written;
      })
      .join(" ");
  };
  return { [request("200")]: counted(1), [request("500")]: counted(2) };
};

const hours = 60;

/** Of ten thousand requests so many fail, for hours: above and below what an alert lets pass. */
const burn = (above: number, below: number, minutes = 4 * hours): Cases[string] => ({
  fires: [{ series: traffic([minutes + 10, 10_000 - above, above]), minutes, labels: promised }],
  quiet: [
    { series: traffic([minutes + 10, 10_000 - below, below]), minutes },
    // All that there are, and so few that it is one or two.
    { series: { [request("500")]: "0x5 1x400" }, minutes },
  ],
});

/** Of an objective of 99.9 % in 30 days: 144, 60, 30 and 10 of ten thousand. */
const [fast, steady, slow, atRisk] = [burn(150, 140), burn(63, 57), burn(33, 28), burn(11, 9)];

export const objectiveCases: Cases = {
  ObjectiveMissedFast: {
    fires: [
      ...(fast?.fires ?? []),
      {
        // Calls that never came to a Pod.
        series: {
          [request("200")]: "0+3000x100",
          'istio_requests_total{reporter="source",destination_service_namespace="sample",destination_service_name="web",response_code="503",response_flags="UH"}':
            "0+100x100",
        },
        minutes: 90,
        labels: promised,
      },
      {
        // Faults of gRPC come with status 200.
        series: {
          [request("200").replace("}", ',grpc_response_status="0"}')]: "0+3000x100",
          [request("200").replace("}", ',grpc_response_status="14"}')]: "0+100x100",
        },
        minutes: 90,
        labels: promised,
      },
      {
        // Answers that come too late: 99 % within half a second are promised.
        series: {
          [`istio_request_duration_milliseconds_bucket{${served},le="500.0"}`]: "0+1000x100",
          [`istio_request_duration_milliseconds_count{${served}}`]: "0+3000x100",
        },
        minutes: 90,
        labels: { ...web, slo: "quick" },
      },
      {
        series: {
          'orders_total{result="done"}': "0+10x100",
          'orders_total{result="lost"}': "0+10x100",
        },
        minutes: 90,
        labels: { ...web, slo: "orders" },
      },
    ],
    quiet: [
      ...(fast?.quiet ?? []),
      // Much was lost, and it is over.
      { series: traffic([60, 9000, 1000], [40, 10_000, 0]), minutes: 90 },
      {
        // The bound as other versions write it.
        series: {
          [`istio_request_duration_milliseconds_bucket{${served},le="500"}`]: "0+2999x100",
          [`istio_request_duration_milliseconds_count{${served}}`]: "0+3000x100",
        },
        minutes: 90,
      },
    ],
  },
  ObjectiveMissed: {
    fires: steady?.fires ?? [],
    quiet: [
      ...(steady?.quiet ?? []),
      // A few minutes after hours without fault: too little of six hours.
      { series: traffic([300, 10_000, 0], [20, 9900, 100]), minutes: 315 },
    ],
  },
  ObjectiveMissedSlowly: slow ?? burn(0, 0),
  ObjectiveAtRisk: atRisk ?? burn(0, 0),
  ErrorBudgetSpent: burn(12, 9),
};

const orders = 'orders_done_total{job="workloads",namespace="sample",workload="web",pod="web-1-a"}';

/** promtool begins on a Thursday at midnight, UTC; orders are expected from eight to six. */
export const businessCases: Cases = {
  OrdersDoneMissing: pair(
    30,
    { up: "1x40" },
    { [orders]: "0+1x40" },
    { metric: "orders_done_total" },
  ),
  OrdersDoneStalled: {
    fires: [
      {
        series: { [orders]: "5x200" },
        minutes: 10 * 60,
        step: 5,
        labels: { metric: "orders_done_total" },
      },
    ],
    quiet: [
      { series: { [orders]: "0+5x200" }, minutes: 10 * 60, step: 5 },
      // At night nobody orders.
      { series: { [orders]: "5x200" }, minutes: 3 * 60, step: 5 },
      // The hour before opening is not looked at.
      { series: { [orders]: "5x200" }, minutes: 8 * 60 + 30, step: 5 },
    ],
  },
  OrdersDoneBelowExpected: {
    fires: [
      {
        series: { [orders]: "0+0.4x200" },
        minutes: 10 * 60,
        step: 5,
        labels: { metric: "orders_done_total" },
      },
    ],
    quiet: [{ series: { [orders]: "0+5x200" }, minutes: 10 * 60, step: 5 }],
  },
};

const date = Date.parse("2027-04-01T00:00:00Z") / 1000;

/** Dates are far from where promtool begins, so that it looks at the rules at the beginning and then only. */
const dated = (days: number) => {
  const minutes = (date + days * 86_400) / 60;
  return { series: {}, minutes, step: minutes, labels: { name: "licence" } };
};

export const expiryCases: Cases = {
  ExpiresSoon: { fires: [dated(-20), dated(5)], quiet: [dated(-40)] },
  ExpiresNow: { fires: [dated(-2), dated(2)], quiet: [dated(-10)] },
};
