import { isIPv4 } from "node:net";
import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import type { TracingSettings } from "../schema/tracing";
import { monitoringNamespace } from "./monitoring-place";
import type { PlatformPods } from "./part-types";
import { noPart, podSecurity } from "./parts";
import { spreadReplicas } from "./replicas";
import { gateway, namespaceRedirect, standby, workloadRoutes } from "./routes";
import { programImage } from "./storage-programs";
import { dnsPorts, nodeDnsCache, nothing } from "./tenancy-network";
import type { PolicyBlueprint, TrafficRule } from "./tenancy-types";
import { tracingNamespace as namespace, tracingPlaces } from "./tracing-place";
import type { TraceCleaner, TraceStorage, TracingBlueprint, TracingProgram } from "./tracing-types";

const nodeSelector = { [`${ownPrefix}worker`]: "true" };

/** Requests for some hundred spans a second. */
const collectorResources: Readonly<Record<TracingSettings["kind"], Resources>> = {
  jaeger: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  zipkin: { requests: { cpu: "50m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  skywalking: { requests: { cpu: "250m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
};

const pagesResources: Resources = {
  requests: { cpu: "20m", memory: "256Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

const cleanerResources: Resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "200m", memory: "64Mi" },
};

/** What Jaeger's and Zipkin's indices are called; SkyWalking removes its own. */
const dailyIndices: Readonly<Record<TracingSettings["kind"], readonly string[]>> = {
  jaeger: ["jaeger-span", "jaeger-service", "jaeger-dependencies", "jaeger-sampling"],
  zipkin: ["zipkin-span", "zipkin-dependency", "zipkin-autocomplete"],
  skywalking: [],
};

/** Everything decided about tracing; undefined where the site has none. */
export function tracingBlueprint(input: BlueprintInput): TracingBlueprint | undefined {
  const { tracing } = input.site;
  if (tracing === undefined) return undefined;
  const collector = collectorProgram(input, tracing);
  const pages = pagesProgram(input, tracing);
  const cleaner = traceCleaner(input, tracing);
  const route = pagesRoute(input, tracing);
  const redirect = route && namespaceRedirect(input.site);
  return {
    ...noPart,
    programs: [tracing.kind, ...(cleaner === undefined ? [] : ["trace-cleaner"])],
    namespaces: [{ name: namespace, labels: podSecurity("restricted") }],
    pods: [collector, ...(pages === undefined ? [] : [pages])].map(pods),
    namespace,
    kind: tracing.kind,
    collector,
    ...(pages !== undefined && { pages }),
    nodeSelector,
    storage: traceStorage(tracing),
    retentionDays: tracing.retentionDays,
    ...(cleaner !== undefined && { cleaner }),
    policies: policies(input, tracing),
    ...(route !== undefined && { route }),
    ...(redirect !== undefined && { redirect }),
  };
}

function collectorProgram(
  input: BlueprintInput,
  { kind, storage }: TracingSettings,
): TracingProgram {
  const { service, ports } = tracingPlaces[kind].collector;
  // Memory is one Pod's own; and more of SkyWalking would have to share out work by rights over the cluster.
  const single = storage.kind === "memory" || kind === "skywalking";
  return {
    name: service,
    image: programImage(input, kind, collectorImages[kind]),
    replicas: single ? 1 : spreadReplicas(input.site),
    resources: collectorResources[kind],
    ports,
  };
}

const collectorImages: Readonly<Record<TracingSettings["kind"], string>> = {
  jaeger: "jaeger",
  zipkin: "zipkin-slim",
  skywalking: "skywalking-oap-server",
};

function pagesProgram(
  input: BlueprintInput,
  { kind }: TracingSettings,
): TracingProgram | undefined {
  const { collector, pages } = tracingPlaces[kind];
  if (pages.service === collector.service) return undefined;
  return {
    name: pages.service,
    image: programImage(input, kind, "skywalking-ui"),
    replicas: 1,
    resources: pagesResources,
    ports: [pages.port],
  };
}

function traceStorage({ storage }: TracingSettings): TraceStorage {
  if (storage.kind === "memory") return { kind: "memory", traces: storage.traces };
  const { url, user, passwordSecret, ca } = storage;
  return {
    kind: "elasticsearch",
    url,
    ...(user !== undefined && passwordSecret !== undefined && { login: { user, passwordSecret } }),
    ...(ca !== undefined && { ca }),
  };
}

function traceCleaner(
  input: BlueprintInput,
  { kind, storage }: TracingSettings,
): TraceCleaner | undefined {
  const indices = dailyIndices[kind];
  if (storage.kind === "memory" || indices.length === 0) return undefined;
  return {
    name: "trace-cleaner",
    image: programImage(input, "trace-cleaner", "curl"),
    resources: cleanerResources,
    schedule: "40 1 * * *",
    timezone: input.site.timezone,
    indices,
  };
}

function pagesRoute({ site, release }: BlueprintInput, { kind, host, via }: TracingSettings) {
  const { service, port } = tracingPlaces[kind].pages;
  if (host === undefined) return undefined;
  const [route] = workloadRoutes(site, release.product, service, {
    namespace,
    ports: [port],
    expose: [{ port: port.name, hosts: [host], path: "/", via }],
  });
  return route;
}

/** Anybody may send traces; only those who serve its pages reach them, and nothing leaves but to where traces are kept. */
function policies({ site }: BlueprintInput, tracing: TracingSettings): readonly PolicyBlueprint[] {
  const { collector, pages, figures } = tracingPlaces[tracing.kind];
  const tcp = (port: number) => ({ port, protocol: "TCP" as const });
  const apart = (name: string) => name === figures.port || name === pages.port.name;
  const intake = collector.ports.filter(({ name, port }) => {
    // Zipkin has one port for everything.
    const only = collector.ports.length === 1;
    return only || !(apart(name) || port === pages.port.port);
  });
  const figuresPort = collector.ports.find(({ name }) => name === figures.port);
  const serving = [
    ...(site.mesh === undefined ? [] : [gateway.namespace]),
    ...(site.ingress?.standby === true ? [standby.namespace] : []),
  ];
  return [
    {
      name: "tracing",
      ingress: [
        { ...nothing, ownPods: true },
        { ...nothing, anyPods: true, ports: intake.map(({ port }) => tcp(port)) },
        ...(tracing.host === undefined || serving.length === 0
          ? []
          : [{ ...nothing, namespaces: serving, ports: [tcp(pages.port.port)] }]),
        ...(site.monitoring === undefined || figuresPort === undefined
          ? []
          : [
              {
                ...nothing,
                namespaces: [monitoringNamespace],
                ports: [tcp(figuresPort.port)],
              },
            ]),
      ],
      egress: [
        { ...nothing, ownPods: true },
        { ...nothing, namespaces: ["kube-system"], cidrs: [nodeDnsCache], ports: dnsPorts },
        ...storageEgress(tracing.storage),
      ],
    },
  ];
}

function storageEgress(storage: TracingSettings["storage"]): readonly TrafficRule[] {
  const place = storagePlace(storage);
  if (place === undefined) return [];
  const { port, ...end } = place;
  return [{ ...nothing, ...end, ports: [{ port, protocol: "TCP" }] }];
}

/** Where Elasticsearch answers, as a policy can say it; nowhere for a name without networks. */
export function storagePlace(storage: TracingSettings["storage"]):
  | {
      readonly port: number;
      readonly namespaces: readonly string[];
      readonly cidrs: readonly string[];
    }
  | undefined {
  if (storage.kind === "memory") return undefined;
  const { hostname, port } = new URL(storage.url);
  // A URL leaves the usual port of its scheme out.
  const number = port === "" ? (storage.url.startsWith("https:") ? 443 : 80) : Number(port);
  if (storage.networks.length > 0) return { port: number, namespaces: [], cidrs: storage.networks };
  if (isIPv4(hostname)) return { port: number, namespaces: [], cidrs: [`${hostname}/32`] };
  const [, own = ""] = /^[a-z0-9-]+\.([a-z0-9-]+)\.svc(\.|$)/.exec(hostname) ?? [];
  return { port: number, namespaces: own === "" ? [] : [own], cidrs: [] };
}

function pods({ name, replicas, resources }: TracingProgram): PlatformPods {
  return { name, namespace, replicas, resources, nodeSelector, tolerates: [] };
}
