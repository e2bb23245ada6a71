import type { Site } from "../schema/site";

/** Where Prometheus, Alertmanager and Grafana are found, for everything that asks them. */

export const monitoringNamespace = "monitoring";

/** Services, by the names that the chart makes of ours. */
export const prometheus = { service: "monitoring-prometheus", port: 9090 };
export const alertmanager = { service: "monitoring-alertmanager", port: 9093 };
export const grafana = { service: "monitoring-grafana", port: 80 };
export const clusterState = { service: "monitoring-kube-state-metrics", port: 8080 };

/** Where etcd's members show figures by plain HTTP, beside the port of its clients. */
export const etcdMetricsPort = 2381;

/**
 * Where etcd shows figures; undefined where it shows them to nobody but its clients. KubeKey v3 hands on what etcd is to
 * listen on. v4 has no word for it, and the port of its clients asks for a certificate with which all of etcd could be
 * read and written: that one stays on the hosts.
 */
export function etcdFigures({
  monitoring,
  cluster,
}: Pick<Site, "monitoring" | "cluster">): number | undefined {
  return monitoring !== undefined && cluster.kubekey.startsWith("v3.")
    ? etcdMetricsPort
    : undefined;
}

/** URL of one of them within the cluster. */
export function monitoringUrl({ service, port }: typeof prometheus): string {
  return `http://${service}.${monitoringNamespace}.svc:${port}`;
}
