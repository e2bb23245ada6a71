import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { Delivery } from "../schema/delivery";
import { deliveryProjects } from "./delivery-projects";
import { runnerBlueprints, runnerPods } from "./delivery-runners";
import type { ArgoBlueprint, DeliveryBlueprint } from "./delivery-types";
import { nameSuffix } from "./ingress-names";
import type { RouteBlueprint } from "./ingress-types";
import type { PlatformPods } from "./part-types";
import { chartBlueprint, podSecurity } from "./parts";
import { spreadReplicas, workers } from "./replicas";
import { namespaceRedirect, workloadRoutes } from "./routes";

/** Where Argo CD runs, and what its chart puts before the names of its objects. */
const namespace = "argocd";
const release = "argocd";

/** The Service of its pages, which speaks plain HTTP: TLS ends at the site's ingress. */
const pages = { name: `${release}-server`, port: { name: "http", port: 80 } };

const nodeSelector = { [`${ownPrefix}worker`]: "true" };

const resources: ArgoBlueprint["resources"] = {
  // Holds every object of the cluster that it looks after in memory.
  controller: {
    requests: { cpu: "250m", memory: "512Mi" },
    limits: { cpu: "2", memory: "1Gi" },
  },
  server: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
  repoServer: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  cache: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  helper: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
};

/** Its caches need as many hosts to keep one of them for certain. */
const hostsForThree = 3;

/** Everything decided about delivery from repositories; undefined where the site has none. */
export function deliveryBlueprint(input: BlueprintInput): DeliveryBlueprint | undefined {
  const { delivery } = input.site;
  if (delivery === undefined) return undefined;
  const argo = argoBlueprint(input, delivery);
  const runners = runnerBlueprints(input, delivery);
  return {
    charts: [argo.chart, ...runners.map(({ chart }) => chart)],
    crds: ["argo-cd"],
    programs: [],
    namespaces: [
      { name: namespace, labels: podSecurity("baseline") },
      ...runners.map(({ namespace: { name, labels } }) => ({ name, labels })),
    ],
    pods: [...argoPods(argo), ...runners.flatMap(runnerPods)],
    argo,
    projects: deliveryProjects(input),
    runners,
  };
}

function argoBlueprint(input: BlueprintInput, { host, servers }: Delivery): ArgoBlueprint {
  const { site, release: product } = input;
  const hosts = workers(site.hosts).length;
  const replicas = spreadReplicas(site);
  const suffix = site.ingress && nameSuffix(site, product.product);
  const route = argoRoute(input);
  const redirect = route && namespaceRedirect(site);
  const believed = Object.entries(servers).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    namespace,
    chart: chartBlueprint(input, "argo-cd", release, namespace),
    replicas,
    highlyAvailable: hosts >= hostsForThree,
    // Rolling updates start a new Pod before an old one goes: with as many hosts as Pods they would never end.
    ownHosts: hosts > replicas,
    ownCacheHosts: hosts > hostsForThree,
    nodeSelector,
    resources,
    ...(suffix !== undefined && { domain: `${host}.${suffix}` }),
    ...(route !== undefined && { route }),
    ...(redirect !== undefined && { redirect }),
    authorities: Object.fromEntries(
      believed.flatMap(([name, { ca }]) => (ca === undefined ? [] : [[name, ca] as const])),
    ),
    hostKeys: believed.flatMap(([name, { hostKeys }]) => hostKeys.map((key) => `${name} ${key}`)),
  };
}

/** The route to Argo CD's pages; undefined where the site has no delivery or no ingress. */
export function argoRoute({
  site,
  release: product,
}: Pick<BlueprintInput, "site" | "release">): RouteBlueprint | undefined {
  const { delivery } = site;
  if (delivery === undefined) return undefined;
  const { host, via } = delivery;
  const [route] = workloadRoutes(site, product.product, pages.name, {
    namespace,
    ports: [pages.port],
    expose: [{ port: pages.port.name, hosts: [host], path: "/", via }],
  });
  return route;
}

function argoPods({ replicas, highlyAvailable }: ArgoBlueprint): readonly PlatformPods[] {
  const pods = (name: string, count: number, of: keyof typeof resources): PlatformPods => ({
    name: `${release}-${name}`,
    namespace,
    replicas: count,
    resources: resources[of],
    nodeSelector,
    tolerates: [],
  });
  return [
    pods("application-controller", 1, "controller"),
    pods("server", replicas, "server"),
    pods("repo-server", replicas, "repoServer"),
    ...(highlyAvailable
      ? [
          pods("redis-ha-server", hostsForThree, "cache"),
          pods("redis-ha-haproxy", hostsForThree, "cache"),
        ]
      : [pods("redis", 1, "cache")]),
  ];
}
