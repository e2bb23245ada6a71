/**
 * Names under which Prometheus scrapes: what monitors set as `job`, and what rules, dashboards and listings ask for.
 * Those of the chart kube-prometheus-stack are the chart's own.
 */
export const jobs = {
  apiServer: "apiserver",
  kubelet: "kubelet",
  controllerManager: "kube-controller-manager",
  scheduler: "kube-scheduler",
  etcd: "kube-etcd",
  dns: "coredns",
  clusterState: "kube-state-metrics",
  /** Every node of the cluster. */
  nodes: "node-exporter",
  /** Hosts of the site that are no nodes. */
  hosts: "hosts",
  windows: "windows",
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  grafana: "grafana",
  operator: "prometheus-operator",
  /**
   * Probes of everything that clients reach: exposed URLs with their certificates, ports, shared addresses, and what the
   * site states itself. `probe_success` says whether it answers, `probe_ssl_earliest_cert_expiry` when its certificate ends.
   */
  urls: "urls",
  /** What makes these probes. */
  prober: "blackbox",
  haproxy: "haproxy",
  /** A probe of its health: KubeKey installs Harbor without figures of its own. */
  harbor: "harbor",
  /** A probe as well: Consul's own figures would take its token. */
  configCentre: "config-centre",
  ceph: "ceph",
  meshControl: "istiod",
  /** Proxies of the mesh, gateways included. */
  meshProxies: "istio-proxies",
  standby: "traefik",
  certificates: "cert-manager",
  filebeat: "filebeat",
  metricbeat: "metricbeat",
  delivery: "argo-cd",
  /** What takes traces in. */
  tracing: "tracing",
} as const;

/** `job` of a workload's own figures: all Pods of it, told apart by `namespace`, `workload` and `pod`. */
export const workloadJob = "workloads";
