import { jobs } from "../alerting/jobs";
import type { Site } from "../schema/site";
import { beatScrapes } from "./beat-figures";
import { loggingNamespace } from "./logging-place";
import { meshNamespace } from "./mesh-members";
import type { MonitorBlueprint } from "./monitoring-types";
import { standby, standbyInstalled } from "./routes";
import { tracingNamespace, tracingPlaces } from "./tracing-place";

/**
 * Parts of the platform that show figures in Prometheus' own format, as far as a site has them. All of them are read
 * in one way, Pod by Pod; the switches of their charts for monitors of their own stay off.
 */

/** Most figures of one Pod of the platform. */
const maxSamples = 20_000;

const usual = { path: "/metrics", labels: {}, maxSamples };

/** What Envoy counts of itself is thousands of series a proxy; these are what anybody looks at. */
const proxyFigures =
  "istio_.+|envoy_server_(live|uptime|memory_allocated|memory_heap_size|total_connections|days_until_first_cert_expiring)|envoy_cluster_upstream_(cx_active|cx_connect_fail|rq_total|rq_retry|rq_pending_overflow|rq_timeout)|envoy_listener_downstream_cx_active";

/** Monitors of everything that the site has. */
export function platformMonitors(site: Site): readonly MonitorBlueprint[] {
  const { storage, certificates, mesh, delivery, tracing, logging } = site;
  return [
    ...(storage?.kind === "ceph" ? [ceph] : []),
    ...(certificates === undefined ? [] : [certManager]),
    ...(mesh === undefined ? [] : [istiod, ...(mesh.mode === "ambient" ? [ztunnel] : []), proxies]),
    ...(standbyInstalled(site) ? [traefik] : []),
    ...(delivery === undefined ? [] : [argo]),
    ...(tracing === undefined ? [] : [traces(tracing.kind)]),
    ...(logging === undefined ? [] : [beat("filebeat")]),
    ...(logging?.metricbeat === true ? [beat("metricbeat")] : []),
    blackbox,
  ];
}

const ceph: MonitorBlueprint = {
  ...usual,
  name: "ceph",
  job: jobs.ceph,
  namespaces: ["rook-ceph"],
  anyOf: { key: "app", values: ["rook-ceph-mgr", "rook-ceph-exporter"] },
  port: "http-metrics",
  maxSamples: 100_000,
};

const certManager: MonitorBlueprint = {
  ...usual,
  name: "cert-manager",
  job: jobs.certificates,
  namespaces: ["cert-manager"],
  labels: { "app.kubernetes.io/instance": "cert-manager" },
  port: "http-metrics",
};

const istiod: MonitorBlueprint = {
  ...usual,
  name: "istiod",
  job: jobs.meshControl,
  namespaces: [meshNamespace],
  labels: { app: "istiod" },
  port: 15_014,
};

const ztunnel: MonitorBlueprint = {
  ...usual,
  name: "ztunnel",
  job: jobs.meshProxies,
  namespaces: [meshNamespace],
  labels: { app: "ztunnel" },
  port: "ztunnel-stats",
};

/** Beside Pods of every namespace, and the gateways: this port of theirs takes no part in the mesh. */
const proxies: MonitorBlueprint = {
  ...usual,
  name: "istio-proxies",
  job: jobs.meshProxies,
  namespaces: [],
  port: "http-envoy-prom",
  path: "/stats/prometheus",
  keep: proxyFigures,
};

const traefik: MonitorBlueprint = {
  ...usual,
  name: "traefik",
  job: jobs.standby,
  namespaces: [standby.namespace],
  labels: { "app.kubernetes.io/name": "traefik" },
  port: "metrics",
};

const argo: MonitorBlueprint = {
  ...usual,
  name: "argo-cd",
  job: jobs.delivery,
  namespaces: ["argocd"],
  labels: { "app.kubernetes.io/part-of": "argocd" },
  port: "metrics",
};

/** What takes traces in, whichever program it is. */
function traces(kind: NonNullable<Site["tracing"]>["kind"]): MonitorBlueprint {
  const { collector, figures } = tracingPlaces[kind];
  return {
    ...usual,
    name: "tracing",
    job: jobs.tracing,
    namespaces: [tracingNamespace],
    labels: { "app.kubernetes.io/name": collector.service },
    port: figures.port,
    path: figures.path,
  };
}

/** What sends logs: its figures are handed on by an exporter beside it. */
function beat(name: "filebeat" | "metricbeat"): MonitorBlueprint {
  const { portName, path, [name]: scrape } = beatScrapes;
  return {
    ...usual,
    name,
    job: jobs[name],
    namespaces: [loggingNamespace],
    labels: { "app.kubernetes.io/name": name },
    port: portName,
    path,
    params: scrape.params,
    ofNode: true,
  };
}

/** What asks for answers: whether it still does. */
const blackbox: MonitorBlueprint = {
  ...usual,
  name: "blackbox",
  job: jobs.prober,
  namespaces: ["monitoring"],
  labels: { app: "blackbox-exporter" },
  port: "http",
};
