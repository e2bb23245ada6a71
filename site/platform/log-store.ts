import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import type { LogStoreSettings } from "../schema/log-output";
import type { Site } from "../schema/site";
import { siteIssuer } from "./certificates";
import type { CertificateBlueprint } from "./certificates-types";
import { nameSuffix } from "./ingress-names";
import { metricsIndex } from "./log-output";
import { logPages, logStore, logStoreHost, loggingNamespace as namespace } from "./logging-place";
import type { LogOutput, LogStoreBlueprint } from "./logging-types";
import type { PlatformPods } from "./part-types";
import { workers } from "./replicas";
import { namespaceRedirect, workloadRoutes } from "./routes";
import { programImage } from "./storage-programs";

/** Elasticsearch and Kibana of the site's own. */

const kibanaResources: Resources = {
  requests: { cpu: "100m", memory: "768Mi" },
  limits: { cpu: "1", memory: "1280Mi" },
};

/** Of the Pods that set it up and clean it. */
const helperResources: Resources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Elasticsearch stops writing when a volume is fuller than 95 %, and moves things about from 85 % on. */
const keptPart = 0.75;

/** Servers of the store: of three, one may be lost. */
export function logStoreReplicas(
  { hosts }: Pick<Site, "hosts">,
  { replicas }: Pick<LogStoreSettings, "replicas">,
): number {
  return replicas ?? (workers(hosts).length >= 3 ? 3 : 1);
}

/** The site's own store; undefined where logs go elsewhere. */
export function logStoreBlueprint(
  input: BlueprintInput,
  output: LogOutput,
): LogStoreBlueprint | undefined {
  const { site, release } = input;
  const own = site.logging?.inSite;
  if (own === undefined || output.kind !== "elasticsearch") return undefined;
  const { sizeGiB, storageClass, memoryGiB, keepDays, host, via } = own;
  const replicas = logStoreReplicas(site, own);
  const suffix = site.ingress && nameSuffix(site, release.product);
  const [route] = workloadRoutes(site, release.product, logPages.service, {
    namespace,
    ports: [{ name: "http", port: logPages.port }],
    expose: [{ port: "http", hosts: [host], path: "/", via }],
  });
  const redirect = route && namespaceRedirect(site);
  const scheme = site.certificates === undefined ? "http" : "https";
  // Each entry is kept twice where there is more than one server.
  const copies = replicas > 1 ? 2 : 1;
  return {
    image: programImage(input, "elasticsearch", "elasticsearch"),
    kibanaImage: programImage(input, "kibana", "kibana"),
    replicas,
    sizeGiB,
    ...(storageClass !== undefined && { storageClass }),
    resources: {
      requests: { cpu: "250m", memory: `${memoryGiB}Gi` },
      limits: { cpu: "2", memory: `${memoryGiB}Gi` },
    },
    kibanaResources,
    helperResources,
    nodeSelector: { [`${ownPrefix}worker`]: "true" },
    keepDays,
    keepMiB: Math.floor((replicas * sizeGiB * 1024 * keptPart) / copies),
    copies,
    dataStream: output.index,
    ...(site.logging?.metricbeat === true && {
      metricsStream: metricsIndex(release.product, input.name),
    }),
    ...(site.certificates !== undefined && {
      certificate: certificate(site.certificates, site.cluster.name),
    }),
    ...(route !== undefined && { route }),
    ...(redirect !== undefined && { redirect }),
    ...(suffix !== undefined && { url: `${scheme}://${host}.${suffix}` }),
  };
}

/** For clients, and for its servers among each other. */
function certificate(
  { lifetime }: NonNullable<Site["certificates"]>,
  cluster: string,
): CertificateBlueprint {
  const name = `${logStore.service}-certificate`;
  const nodes = `${logStore.service}-nodes.${namespace}.svc`;
  return {
    name,
    namespace,
    secretName: name,
    dnsNames: [
      logStoreHost,
      `${logStoreHost}.${cluster}`,
      `*.${nodes}`,
      `*.${nodes}.${cluster}`,
      "localhost",
    ],
    days: lifetime.days,
    renewBeforeDays: lifetime.renewBeforeDays,
    authority: false,
    rotation: "Always",
    issuer: siteIssuer,
  };
}

/** Its Pods, for the capacity of the site. */
export function logStorePods(store: LogStoreBlueprint | undefined): readonly PlatformPods[] {
  if (store === undefined) return [];
  const { replicas, resources, nodeSelector } = store;
  const pod = { namespace, nodeSelector, tolerates: [] };
  return [
    { ...pod, name: "elasticsearch", replicas, resources },
    { ...pod, name: "kibana", replicas: 1, resources: kibanaResources },
  ];
}
