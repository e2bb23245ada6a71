/** Where Prometheus, Alertmanager and Grafana are found, for everything that asks them. */

export const monitoringNamespace = "monitoring";

/** Services, by the names that the chart makes of ours. */
export const prometheus = { service: "monitoring-prometheus", port: 9090 };
export const alertmanager = { service: "monitoring-alertmanager", port: 9093 };
export const grafana = { service: "monitoring-grafana", port: 80 };

/** Where etcd's members show figures by plain HTTP, beside the port of its clients. */
export const etcdMetricsPort = 2381;

/** URL of one of them within the cluster. */
export function monitoringUrl({ service, port }: typeof prometheus): string {
  return `http://${service}.${monitoringNamespace}.svc:${port}`;
}
