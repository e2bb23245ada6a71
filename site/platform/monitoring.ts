import { ruleFiles } from "../alerting/rule-files";
import { alertmanagerTells } from "../alerting/teller";
import type { BlueprintInput } from "../blueprint-input";
import { dashboards } from "../dashboards/dashboards";
import { isNode } from "../nodes";
import type { MonitoringSettings } from "../schema/monitoring";
import { siteIssuer } from "./certificates";
import { platformMonitors } from "./monitoring-monitors";
import { monitoringPages, pageUrl } from "./monitoring-pages";
import { clusterState, etcdFigures, monitoringNamespace as namespace } from "./monitoring-place";
import { monitoringNodes, monitoringPods, resourcesOf } from "./monitoring-pods";
import { siteProbes } from "./monitoring-probes";
import { siteScrapes } from "./monitoring-scrapes";
import { dataOf, monitoringReplicas, prometheusResources, retentionMiB } from "./monitoring-size";
import type { ProbingBlueprint } from "./monitoring-target-types";
import type { MonitoringBlueprint, PageBlueprint, RemoteWriteBlueprint } from "./monitoring-types";
import { nightingaleNamespace } from "./nightingale-place";
import { chartBlueprint, podSecurity } from "./parts";
import { gateway, namespaceRedirect, standby } from "./routes";
import { programImage } from "./storage-programs";
import { nothing } from "./tenancy-network";
import type { PolicyBlueprint, TrafficRule } from "./tenancy-types";

/** Name of the chart's installation, which it puts before the names of its objects. */
const release = "monitoring";

const program = "blackbox-exporter";

/** Certificate of our own that brings the site's authority along. */
export const siteAuthority = { secret: "monitoring-authority", key: "ca.crt" };

/** Everything decided about monitoring; undefined where the site has none. */
export function monitoringBlueprint(input: BlueprintInput): MonitoringBlueprint | undefined {
  const { name, site } = input;
  const { monitoring } = site;
  if (monitoring === undefined) return undefined;
  const pages = monitoringPages(input, monitoring);
  const redirect = pages.length > 0 ? namespaceRedirect(site) : undefined;
  const replicas = monitoringReplicas(site, monitoring);
  const notification = alertmanagerTells(name, site);
  const own = {
    namespace,
    chart: chartBlueprint(input, "kube-prometheus-stack", release, namespace),
    nodeSelector: monitoringNodes,
    prometheus: prometheusBlueprint(input, monitoring, pages, replicas),
    alertmanager: {
      replicas,
      resources: resourcesOf("alertmanager"),
      data: dataOf(site, monitoring, monitoring.alertmanagerSizeGiB),
      ...urlOf(pages, "alertmanager"),
    },
    grafana: {
      resources: resourcesOf("grafana"),
      helperResources: resourcesOf("helper"),
      ...(monitoring.grafana.sizeGiB > 0 && {
        data: dataOf(site, monitoring, monitoring.grafana.sizeGiB),
      }),
      ...urlOf(pages, "grafana"),
    },
    resources: {
      operator: resourcesOf("operator"),
      reloader: resourcesOf("reloader"),
      clusterState: resourcesOf("clusterState"),
      nodes: resourcesOf("nodes"),
    },
    etcd: etcdMembers(input),
    pages,
    ...(redirect !== undefined && { redirect }),
    policy: whoComesIn(input, monitoring),
    monitors: platformMonitors(site),
    scrapes: siteScrapes(site, monitoring),
    probing: probing(input, pages),
    ...(notification !== undefined && { notification }),
    dashboards: dashboards(input),
    rules: ruleFiles(input),
    ...authorityOf(input),
  };
  return {
    ...own,
    charts: [own.chart],
    crds: ["prometheus-operator"],
    programs: [program],
    // Node exporter looks at its host, which no stricter level allows.
    namespaces: [{ name: namespace, labels: podSecurity("privileged"), holdsData: hasClaims(own) }],
    pods: monitoringPods(input, own),
  };
}

/** Whether any of its programs keeps its data in a claim. */
function hasClaims({
  prometheus,
  alertmanager,
  grafana,
}: Pick<MonitoringBlueprint, "prometheus" | "alertmanager" | "grafana">): boolean {
  return [prometheus, alertmanager, grafana].some(({ data }) => data?.kind === "claim");
}

function urlOf(pages: readonly PageBlueprint[], page: PageBlueprint["name"]) {
  const url = pageUrl(pages, page);
  return url === undefined ? {} : { url };
}

function prometheusBlueprint(
  { name, site, release: product }: BlueprintInput,
  monitoring: MonitoringSettings,
  pages: readonly PageBlueprint[],
  replicas: number,
): MonitoringBlueprint["prometheus"] {
  const { retentionDays, sizeGiB, intervalSeconds, remoteWriteReceiver } = monitoring;
  return {
    replicas,
    resources: monitoring.resources ?? prometheusResources(site, product),
    intervalSeconds,
    retentionDays,
    retentionMiB: retentionMiB({ sizeGiB }),
    data: dataOf(site, monitoring, sizeGiB),
    externalLabels: { ...monitoring.externalLabels, site: name },
    remoteWrite: Object.entries(monitoring.remoteWrite)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([to, settings]) => remoteWrite(to, settings)),
    remoteWriteReceiver,
    ...urlOf(pages, "prometheus"),
  };
}

function remoteWrite(
  name: string,
  { url, user, passwordSecret, tokenSecret, ca, keep }: MonitoringSettings["remoteWrite"][string],
): RemoteWriteBlueprint {
  return {
    name,
    url,
    ...(user !== undefined && passwordSecret !== undefined && { login: { user, passwordSecret } }),
    ...(tokenSecret !== undefined && { tokenSecret }),
    ...(ca !== undefined && { ca }),
    ...(keep !== undefined && { keep }),
  };
}

function etcdMembers({ site }: BlueprintInput): MonitoringBlueprint["etcd"] {
  if (etcdFigures(site) === undefined) return [];
  return site.hosts
    .filter(({ roles }) => roles.includes("etcd"))
    .map(({ name: host, address }) => ({ host, address }));
}

/** Prometheus and Alertmanager have no login: nobody but those who work with them gets near. */
function whoComesIn(
  { site }: BlueprintInput,
  { remoteWriteReceiver }: MonitoringSettings,
): PolicyBlueprint {
  const namespaces = [
    ...(site.mesh === undefined ? [] : [gateway.namespace]),
    ...(site.ingress?.standby === true ? [standby.namespace] : []),
    ...(site.nightingale === undefined ? [] : [nightingaleNamespace]),
  ];
  return {
    name: "monitoring",
    only: "ingress",
    ingress: [
      { ...nothing, ownPods: true, namespaces, ...(remoteWriteReceiver && { anyPods: true }) },
      ...(site.logging?.metricbeat === true ? [fromNodes(site)] : []),
    ],
    egress: [],
  };
}

/** Metricbeat is in its node's network, whose connections to other nodes' Pods begin at the node or at the Pods' network. */
function fromNodes({ hosts, cluster }: BlueprintInput["site"]): TrafficRule {
  const nodes = hosts.filter(isNode).map(({ address }) => `${address}/32`);
  const ports = [{ port: clusterState.port, protocol: "TCP" as const }];
  return { ...nothing, cidrs: [cluster.podCidr, ...nodes], ports };
}

/** cert-manager gives the certificate of whoever signed along with every certificate: so it gets here, and stays right. */
function authorityOf({ site }: BlueprintInput): Pick<MonitoringBlueprint, "authority"> {
  if (site.certificates === undefined) return {};
  return {
    authority: {
      name: siteAuthority.secret,
      namespace,
      secretName: siteAuthority.secret,
      dnsNames: [`${program}.${namespace}.svc`],
      days: site.certificates.lifetime.days,
      renewBeforeDays: site.certificates.lifetime.renewBeforeDays,
      authority: false,
      rotation: "Always",
      issuer: siteIssuer,
    },
  };
}

function probing(input: BlueprintInput, pages: readonly PageBlueprint[]): ProbingBlueprint {
  const { probes, modules } = siteProbes(input, pages);
  const { certificates } = input.site;
  return {
    image: programImage(input, program, "blackbox-exporter"),
    // What is asked twice by two is no more known than what is asked once.
    replicas: 1,
    resources: resourcesOf("prober"),
    nodeSelector: monitoringNodes,
    modules,
    ...(certificates !== undefined && { siteAuthority }),
    probes,
  };
}
