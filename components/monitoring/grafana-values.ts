import { jobs } from "../../site/alerting/jobs";
import { alertmanager, monitoringUrl, prometheus } from "../../site/platform/monitoring-place";
import type { DataBlueprint, MonitoringBlueprint } from "../../site/platform/monitoring-types";
import { grafanaSecret } from "./secrets";

/** Values of the chart grafana, which comes with kube-prometheus-stack. */

/** Port on which the helper says whether it still watches. */
const helperPort = 8083;

const asked = { httpGet: { path: "/healthz", port: helperPort }, timeoutSeconds: 5 };

export function grafanaValues({ grafana, nodeSelector }: MonitoringBlueprint) {
  const { resources, helperResources, data, url } = grafana;
  return {
    // One: users and preferences are in a file of its own. Dashboards come from code and are there again at once.
    replicas: 1,
    nodeSelector,
    resources,
    admin: { existingSecret: grafanaSecret.name, ...grafanaSecret.keys },
    // It sees what is in its own namespace, and no Secret there.
    rbac: { namespaced: true },
    testFramework: { enabled: false },
    initChownData: { enabled: false },
    defaultDashboardsEnabled: false,
    persistence: persistence(data),
    // A volume is mounted once: the old Pod goes first.
    deploymentStrategy: { type: "Recreate" },
    serviceMonitor: { relabelings: [{ targetLabel: "job", replacement: jobs.grafana }] },
    datasources: { "datasources.yaml": { apiVersion: 1, datasources: dataSources() } },
    sidecar: {
      resources: helperResources,
      livenessProbe: { ...asked, initialDelaySeconds: 30, periodSeconds: 30 },
      readinessProbe: { ...asked, initialDelaySeconds: 5, periodSeconds: 10 },
      datasources: { enabled: false },
      dashboards: {
        enabled: true,
        searchNamespace: null,
        resource: "configmap",
        env: { HEALTH_PORT: String(helperPort) },
        folderAnnotation: "grafana_folder",
        provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
      },
    },
    "grafana.ini": settings(url),
  };
}

/** Where figures and alerts are asked for; dashboards name them by `uid`. */
export function dataSources() {
  const common = { access: "proxy", editable: false };
  return [
    {
      ...common,
      name: "Prometheus",
      type: "prometheus",
      uid: "prometheus",
      url: monitoringUrl(prometheus),
      isDefault: true,
      jsonData: { httpMethod: "POST" },
    },
    {
      ...common,
      name: "Alertmanager",
      type: "alertmanager",
      uid: "alertmanager",
      url: monitoringUrl(alertmanager),
      jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    },
  ];
}

function persistence(data: DataBlueprint | undefined) {
  if (data?.kind !== "claim") return { enabled: false };
  const { sizeGiB, storageClass } = data;
  return {
    enabled: true,
    size: `${sizeGiB}Gi`,
    ...(storageClass !== undefined && { storageClassName: storageClass }),
    // A render that looks into the cluster would differ from one that cannot.
    lookupVolumeName: false,
  };
}

/** The site has no way out: nothing is looked up, reported or loaded from elsewhere. */
function settings(url: string | undefined) {
  return {
    analytics: {
      check_for_updates: false,
      check_for_plugin_updates: false,
      reporting_enabled: false,
      feedback_links_enabled: false,
    },
    news: { news_feed_enabled: false },
    security: {
      disable_gravatar: true,
      cookie_secure: url?.startsWith("https:") === true,
      ...(url !== undefined && { cookie_samesite: "lax" }),
    },
    plugins: {
      preinstall_disabled: true,
      plugin_admin_enabled: false,
      public_key_retrieval_disabled: true,
    },
    snapshots: { external_enabled: false },
    users: { allow_sign_up: false, allow_org_create: false },
    "auth.anonymous": { enabled: false },
    unified_alerting: { enabled: false },
    log: { mode: "console" },
    "log.console": { format: "json" },
    ...(url !== undefined && {
      server: { root_url: url, domain: new URL(url).hostname },
    }),
  };
}
