/**
 * Labels that scrapes set beside `job` and `instance`, for rules, dashboards and texts of alerts.
 */
export const scrapeLabels = {
  /**
   * Name of the site's host that figures are about: on node-exporter, `hosts`, `windows`, `haproxy`, `kubelet`,
   * `kube-etcd`, `filebeat` and `metricbeat`.
   */
  host: "host",
  /** Workload of the release, on its own figures, beside `namespace` and `pod`. */
  workload: "workload",
} as const;
