import { jobs } from "../../site/alerting/jobs";
import { scrapeLabels } from "../../site/alerting/scrape-labels";
import { textfileFolder } from "../../site/alerting/textfiles";
import { etcdMetricsPort } from "../../site/platform/monitoring-place";
import type { DataBlueprint, MonitoringBlueprint } from "../../site/platform/monitoring-types";
import { lockedContainer, runtimeSeccomp } from "../support/pod-security";
import { notificationValues } from "./alertmanager";
import { grafanaValues } from "./grafana-values";
import { remoteWrite } from "./remote-write";

/** Values of the chart kube-prometheus-stack. */

const off = { enabled: false };

/** On a single Pod a budget would only keep its node from ever being drained. */
const budget = (replicas: number) => ({
  enabled: replicas > 1,
  ...(replicas > 1 && { minAvailable: 1 }),
});

/** The chart would call a program's figures after its Service. */
const asJob = (job: string) => [{ action: "replace", targetLabel: "job", replacement: job }];

/** Which of the kubelet's figures, and of which host; a list replaces the chart's own, whose one entry stands first. */
const ofKubelet = [
  { action: "replace", sourceLabels: ["__metrics_path__"], targetLabel: "metrics_path" },
  { action: "replace", sourceLabels: ["node"], targetLabel: scrapeLabels.host },
];

/** Below it the exporter sees the host's own files. */
const hostRoot = "/host/root";

/** What node exporter looks at beyond the usual: shared addresses, services of the host, and files of others' figures. */
const nodeExporter = {
  // A list replaces the chart's own, whose two entries stand first.
  extraArgs: [
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run/containerd/.+|var/lib/docker/.+|var/lib/kubelet/.+)($|/)",
    "--collector.filesystem.fs-types-exclude=^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs|erofs)$",
    "--collector.netdev.address-info",
    "--collector.systemd",
    "--collector.systemd.unit-include=(kubelet|containerd|docker|etcd|backup-etcd|haproxy|keepalived|chronyd?|systemd-timesyncd)\\.(service|timer)",
    `--collector.textfile.directory=${hostRoot}${textfileFolder}`,
  ],
  securityContext: runtimeSeccomp,
  containerSecurityContext: {
    allowPrivilegeEscalation: false,
    capabilities: lockedContainer.capabilities,
  },
  env: { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${hostRoot}/run/dbus/system_bus_socket` },
  prometheus: {
    monitor: {
      relabelings: [
        {
          action: "replace",
          sourceLabels: ["__meta_kubernetes_pod_node_name"],
          targetLabel: scrapeLabels.host,
        },
      ],
    },
  },
};

export function stackValues(monitoring: MonitoringBlueprint) {
  const { resources, nodeSelector, prometheus, etcd } = monitoring;
  const interval = `${prometheus.intervalSeconds}s`;
  return {
    fullnameOverride: "monitoring",
    // Definitions come first and on their own; rules and dashboards are the site's own, made from one source.
    crds: off,
    defaultRules: { create: false },
    prometheusOperator: {
      // The operator itself leaves out what Prometheus would refuse; a webhook that is away would hold everything up.
      admissionWebhooks: off,
      tls: off,
      logFormat: "json",
      nodeSelector,
      resources: resources.operator,
      priorityClassName: "system-cluster-critical",
      prometheusConfigReloader: { resources: resources.reloader },
      serviceMonitor: { relabelings: asJob(jobs.operator) },
    },
    prometheus: prometheusValues(monitoring),
    alertmanager: alertmanagerValues(monitoring),
    grafana: grafanaValues(monitoring),
    "kube-state-metrics": {
      nodeSelector,
      resources: resources.clusterState,
      priorityClassName: "system-cluster-critical",
      // What a workload is called stands on its Pods, for figures of Pods to be joined with.
      metricLabelsAllowlist: [
        "pods=[app.kubernetes.io/name,app.kubernetes.io/part-of,app.kubernetes.io/version]",
      ],
    },
    "prometheus-node-exporter": {
      resources: resources.nodes,
      priorityClassName: "system-node-critical",
      // Every node, whatever it is tainted for.
      tolerations: [{ operator: "Exists" }],
      ...nodeExporter,
    },
    kubelet: {
      serviceMonitor: {
        cAdvisorInterval: interval,
        relabelings: ofKubelet,
        cAdvisorRelabelings: ofKubelet,
        probesRelabelings: ofKubelet,
      },
    },
    coreDns: { serviceMonitor: { bearerTokenFile: "" } },
    // KubeKey binds both to all addresses of their hosts, where they ask for a token.
    kubeControllerManager: { serviceMonitor: { https: true, insecureSkipVerify: true } },
    kubeScheduler: { serviceMonitor: { https: true, insecureSkipVerify: true } },
    // It binds to the loopback interface alone.
    kubeProxy: off,
    kubeEtcd:
      etcd.length === 0
        ? off
        : {
            enabled: true,
            endpoints: etcd.map(({ address }) => address),
            service: { port: etcdMetricsPort, targetPort: etcdMetricsPort },
            // Plain HTTP: a token does not go there.
            serviceMonitor: {
              scheme: "http",
              bearerTokenFile: "",
              relabelings: etcd.map(({ host, address }) => ({
                action: "replace",
                sourceLabels: ["__address__"],
                regex: `${address.replaceAll(".", "\\.")}:\\d+`,
                targetLabel: scrapeLabels.host,
                replacement: host,
              })),
            },
          },
  };
}

function prometheusValues({ prometheus, nodeSelector }: MonitoringBlueprint) {
  const { replicas, intervalSeconds, retentionDays, retentionMiB, url } = prometheus;
  const everything = false;
  return {
    podDisruptionBudget: budget(replicas),
    serviceMonitor: { relabelings: asJob(jobs.prometheus) },
    prometheusSpec: {
      replicas,
      podAntiAffinity: "hard",
      nodeSelector,
      resources: prometheus.resources,
      priorityClassName: "system-cluster-critical",
      logFormat: "json",
      scrapeInterval: `${intervalSeconds}s`,
      evaluationInterval: `${intervalSeconds}s`,
      retention: `${retentionDays}d`,
      // Its MB are MiB.
      retentionSize: `${retentionMiB}MB`,
      storageSpec: storage(prometheus.data),
      externalLabels: { ...prometheus.externalLabels },
      ...(url !== undefined && { externalUrl: url }),
      // Whoever made an object of these kinds, wherever: a label of this installation is not asked for.
      serviceMonitorSelectorNilUsesHelmValues: everything,
      podMonitorSelectorNilUsesHelmValues: everything,
      ruleSelectorNilUsesHelmValues: everything,
      probeSelectorNilUsesHelmValues: everything,
      scrapeConfigSelectorNilUsesHelmValues: everything,
      enableRemoteWriteReceiver: prometheus.remoteWriteReceiver,
      ...(prometheus.remoteWrite.length > 0 && {
        remoteWrite: prometheus.remoteWrite.map(remoteWrite),
      }),
    },
  };
}

function alertmanagerValues({ alertmanager, notification, nodeSelector }: MonitoringBlueprint) {
  const { replicas, resources, data, url } = alertmanager;
  return {
    podDisruptionBudget: budget(replicas),
    serviceMonitor: { relabelings: asJob(jobs.alertmanager) },
    ...(notification !== undefined && { enableFeatures: notificationValues.enableFeatures }),
    alertmanagerSpec: {
      replicas,
      podAntiAffinity: "hard",
      nodeSelector,
      resources,
      priorityClassName: "system-cluster-critical",
      logFormat: "json",
      storage: storage(data),
      ...(url !== undefined && { externalUrl: url }),
      ...(notification !== undefined && notificationValues.alertmanagerSpec),
    },
  };
}

function storage({ kind, sizeGiB, storageClass }: DataBlueprint) {
  if (kind === "emptyDir") return { emptyDir: { sizeLimit: `${sizeGiB}Gi` } };
  return {
    volumeClaimTemplate: {
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass !== undefined && { storageClassName: storageClass }),
        resources: { requests: { storage: `${sizeGiB}Gi` } },
      },
    },
  };
}
