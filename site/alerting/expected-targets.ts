import type { Blueprint, HostBlueprint } from "../blueprint-types";
import { isNode } from "../nodes";
import { etcdMetricsPort } from "../platform/monitoring-place";
import type { MonitoringBlueprint } from "../platform/monitoring-types";
import { jobs, workloadJob } from "./jobs";

/** Targets of one kind that Prometheus of a site should have. */
export interface ExpectedTargets {
  readonly job: string;
  /** What they are, for people: `node exporter of every node`. */
  readonly what: string;
  /** Labels of all of them, besides `job`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Their `instance`, one target each at least; absent: as many as `least`, wherever they are. */
  readonly instances?: readonly string[];
  readonly least: number;
  /** Where to look when some are missing. */
  readonly next: string;
}

type Watched = Pick<Blueprint, "hosts" | "workloads" | "platform">;

/** What follows from a site's blueprint; empty where it has no monitoring. */
export function expectedTargets(blueprint: Watched): readonly ExpectedTargets[] {
  const { monitoring } = blueprint.platform;
  if (monitoring === undefined) return [];
  return [
    ...ofNodes(blueprint.hosts, monitoring),
    ...ofMonitoring(monitoring),
    ...monitoring.monitors.map(
      ({ name, job, namespaces, ofNode }): ExpectedTargets => ({
        job,
        what: `Pods of the monitor ${name}`,
        labels: namespaces.length === 1 ? { namespace: namespaces[0] ?? "" } : {},
        least: ofNode ? blueprint.hosts.filter(isNode).length : 1,
        next: `see whether they run: kubectl -n ${namespaces[0] ?? "<namespace>"} get pods; and what is looked for: kubectl -n ${monitoring.namespace} get podmonitor ${name} -o yaml`,
      }),
    ),
    ...monitoring.scrapes.map(
      ({ name, job, targets }): ExpectedTargets => ({
        job,
        what: `machines of ${name}`,
        labels: {},
        instances: targets.map(({ address }) => address),
        least: targets.length,
        next: `kubectl -n ${monitoring.namespace} describe scrapeconfig ${name}`,
      }),
    ),
    ...monitoring.probing.probes.map(
      ({ name, job, url }): ExpectedTargets => ({
        job,
        what: `probe ${name}`,
        labels: {},
        instances: [url],
        least: 1,
        next: `kubectl -n ${monitoring.namespace} describe probe ${name}`,
      }),
    ),
    ...blueprint.workloads
      .filter(({ metrics }) => metrics !== undefined)
      .map(
        ({ name, namespace, replicas, kind }): ExpectedTargets => ({
          job: workloadJob,
          what: `workload ${name}`,
          labels: { namespace, workload: name },
          // Jobs are only there while they run.
          least: kind === "Job" || kind === "CronJob" ? 0 : Math.max(1, replicas),
          next: `./sitewright workloads <site> shows whether its Pods run; kubectl -n ${namespace} get podmonitor ${name} -o yaml what is looked for`,
        }),
      ),
  ];
}

function ofNodes(
  hosts: readonly HostBlueprint[],
  { etcd, namespace }: MonitoringBlueprint,
): readonly ExpectedTargets[] {
  const nodes = hosts.filter(isNode);
  const controlPlane = hosts.filter(({ roles }) => roles.includes("control-plane"));
  const on = (
    job: string,
    what: string,
    addresses: readonly string[],
    port: number,
  ): ExpectedTargets => ({
    job,
    what,
    labels: {},
    instances: addresses.map((address) => `${address}:${port}`),
    least: addresses.length,
    next: `kubectl -n ${namespace} get servicemonitors, and kubectl get nodes -o wide for the addresses`,
  });
  const addresses = (of: readonly { readonly address: string }[]) =>
    of.map(({ address }) => address);
  return [
    on(jobs.nodes, "node exporter of every node", addresses(nodes), 9100),
    on(jobs.kubelet, "kubelet of every node", addresses(nodes), 10_250),
    on(jobs.apiServer, "API servers", addresses(controlPlane), 6443),
    on(jobs.controllerManager, "controller managers", addresses(controlPlane), 10_257),
    on(jobs.scheduler, "schedulers", addresses(controlPlane), 10_259),
    ...(etcd.length === 0
      ? []
      : [on(jobs.etcd, "members of etcd", addresses(etcd), etcdMetricsPort)]),
    {
      job: jobs.dns,
      what: "DNS of the cluster",
      labels: { namespace: "kube-system" },
      least: 1,
      next: "kubectl -n kube-system get pods -l k8s-app=kube-dns",
    },
  ];
}

function ofMonitoring(monitoring: MonitoringBlueprint): readonly ExpectedTargets[] {
  const own = (job: string, what: string, least: number): ExpectedTargets => ({
    job,
    what,
    labels: { namespace: monitoring.namespace },
    least,
    next: `kubectl -n ${monitoring.namespace} get pods,servicemonitors`,
  });
  return [
    own(jobs.clusterState, "kube-state-metrics", 1),
    own(jobs.prometheus, "Prometheus itself", monitoring.prometheus.replicas),
    own(jobs.alertmanager, "Alertmanager", monitoring.alertmanager.replicas),
    own(jobs.grafana, "Grafana", 1),
    own(jobs.operator, "the operator", 1),
  ];
}
