import { jobs } from "../alerting/jobs";
import type { DashboardVariable } from "./dashboard-types";

/** Parts of PromQL that several dashboards have in common. */

/** Matchers of one job, and further ones: `{job="…",…}`. */
export function from(job: string, ...matchers: readonly string[]): string {
  return `{${[`job="${job}"`, ...matchers].join(",")}}`;
}

/** Machines with Linux, nodes of the cluster and others alike. */
export function fromHosts(...matchers: readonly string[]): string {
  return `{${[`job=~"${jobs.nodes}|${jobs.hosts}"`, ...matchers].join(",")}}`;
}

/** Letters that Kubernetes makes the ends of Pods' names of: no vowels, so words of our own are never taken for them. */
const randomLetters = "[bcdfghjklmnpqrstvwxz2456789]";

/** Pods of the chosen workloads, whatever kind they are of. */
export const podsOfWorkload = `pod=~"($workload)(-${randomLetters}{5,10})?-(${randomLetters}{5}|[0-9]+)"`;

/** Namespaces that are there. */
export const namespaceVariable: DashboardVariable = {
  name: "namespace",
  label: "Namespace",
  of: `kube_namespace_status_phase${from(jobs.clusterState)}`,
  valuesOf: "namespace",
};

/** Workloads of the chosen namespaces, by the names of what owns their Pods. */
export const workloadVariable: DashboardVariable = {
  name: "workload",
  label: "Workload",
  of: `kube_pod_info${from(jobs.clusterState, 'namespace=~"$namespace"')}`,
  valuesOf: "created_by_name",
  part: `(.+?)(?:-${randomLetters}{6,10})?`,
};

/** Machines, by their names at the site. */
export const hostVariable: DashboardVariable = {
  name: "host",
  label: "Host",
  of: `node_uname_info${fromHosts()}`,
  valuesOf: "host",
};
