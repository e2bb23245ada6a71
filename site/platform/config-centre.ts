import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import type { ConfigCentre } from "../schema/config-centre";
import type { Site } from "../schema/site";
import { centreNamespaces, consulPort, consulNamespace as namespace } from "./config-centre-place";
import type { ConfigCentreBlueprint, ConsulBlueprint } from "./config-centre-types";
import { monitoringNamespace } from "./monitoring-place";
import { chartBlueprint, noPart, podSecurity } from "./parts";
import { workers } from "./replicas";
import { programImage } from "./storage-programs";
import { apiServerPort, apiServers, dnsPorts, nodeDnsCache, nothing } from "./tenancy-network";
import type { PolicyBlueprint } from "./tenancy-types";

/** Program of the catalogue that entries are imported with. */
const program = "consul-import";

type Own = Extract<ConfigCentre, { kind: "consul" }>;

const resources: Resources = {
  requests: { cpu: "100m", memory: "200Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

const helperResources: Resources = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Servers of our own Consul: of three, one may be lost; with fewer workers more than one would only wait for hosts. */
export function consulReplicas(
  { hosts }: Pick<Site, "hosts">,
  { replicas }: Pick<Own, "replicas">,
): number {
  return replicas ?? (workers(hosts).length >= 3 ? 3 : 1);
}

/** Everything decided about the config centre; undefined where the site has none. */
export function configCentreBlueprint(input: BlueprintInput): ConfigCentreBlueprint | undefined {
  const { configCentre } = input.site;
  if (configCentre === undefined) return undefined;
  const common = {
    ...noPart,
    programs: [program],
    image: programImage(input, program, "consul"),
  };
  if (configCentre.kind === "external") {
    return { ...common, tokenSecret: configCentre.tokenSecret };
  }
  const server = consul(input, configCentre);
  const { replicas, nodeSelector } = server;
  return {
    ...common,
    charts: [server.chart],
    namespaces: [{ name: namespace, labels: podSecurity("baseline"), holdsData: true }],
    pods: [{ name: "consul-server", namespace, replicas, resources, nodeSelector, tolerates: [] }],
    server,
  };
}

function consul(input: BlueprintInput, own: Own): ConsulBlueprint {
  const { sizeGiB, storageClass } = own;
  return {
    namespace,
    chart: chartBlueprint(input, "consul", "consul", namespace),
    replicas: consulReplicas(input.site, own),
    sizeGiB,
    ...(storageClass !== undefined && { storageClass }),
    nodeSelector: { [`${ownPrefix}worker`]: "true" },
    resources,
    helperResources,
    policy: closed(input),
  };
}

/** Its token may do everything, and goes over the network as it is: nobody but those who keep entries gets near. */
function closed({ site, release }: BlueprintInput): PolicyBlueprint {
  const clients = centreNamespaces(release);
  return {
    name: "config-centre",
    ingress: [
      { ...nothing, ownPods: true },
      // Asks whether it has a leader.
      ...(site.monitoring === undefined
        ? []
        : [
            {
              ...nothing,
              namespaces: [monitoringNamespace],
              ports: [{ port: consulPort, protocol: "TCP" } as const],
            },
          ]),
      ...(clients.length > 0
        ? [
            {
              ...nothing,
              namespaces: clients,
              ports: [{ port: consulPort, protocol: "TCP" } as const],
            },
          ]
        : []),
    ],
    egress: [
      { ...nothing, ownPods: true },
      { ...nothing, namespaces: ["kube-system"], cidrs: [nodeDnsCache], ports: dnsPorts },
      { ...nothing, cidrs: apiServers(site), ports: [{ port: apiServerPort, protocol: "TCP" }] },
    ],
  };
}
