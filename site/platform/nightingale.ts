import { notificationBlueprint } from "../alerting/notification";
import type { BlueprintInput } from "../blueprint-input";
import type { Resources } from "../pod-types";
import type { NightingaleSettings } from "../schema/nightingale";
import type { Site } from "../schema/site";
import { monitoringNamespace, monitoringUrl, prometheus } from "./monitoring-place";
import { nightingaleNamespace as namespace, nightingaleService } from "./nightingale-place";
import { databaseBlueprint, redisBlueprint, workersOnly } from "./nightingale-stores";
import type {
  DatabaseBlueprint,
  NightingaleBlueprint,
  NightingaleContent,
  NightingaleServer,
  RedisBlueprint,
} from "./nightingale-types";
import type { PlatformPods } from "./part-types";
import { noPart, podSecurity } from "./parts";
import { spreadReplicas, workers } from "./replicas";
import { gateway, namespaceRedirect, standby, workloadRoutes } from "./routes";
import { programImage } from "./storage-programs";
import { nothing } from "./tenancy-network";
import type { PolicyBlueprint } from "./tenancy-types";

const { service, port } = nightingaleService;

type Shown = Pick<NightingaleContent, "rules" | "dashboards">;

const resources: Resources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

/** Pods of Nightingale. */
export function nightingaleReplicas(
  site: Pick<Site, "hosts">,
  { replicas }: Pick<NightingaleSettings, "replicas">,
): number {
  return replicas ?? spreadReplicas(site);
}

/** Everything decided about Nightingale, which shows what monitoring shows; undefined where the site has none. */
export function nightingaleBlueprint(
  input: BlueprintInput,
  monitoring: Shown | undefined,
): NightingaleBlueprint | undefined {
  const { site, release } = input;
  const { nightingale } = site;
  if (nightingale === undefined) return undefined;
  const { host, via, rootPasswordSecret } = nightingale;
  const server = serverBlueprint(input, nightingale);
  const database = databaseBlueprint(input, nightingale.database);
  const redis = redisBlueprint(input, nightingale.redis);
  const [route] = workloadRoutes(site, release.product, service, {
    namespace,
    ports: [{ name: "http", port }],
    expose: [{ port: "http", hosts: [host], path: "/", via }],
  });
  const redirect = route && namespaceRedirect(site);
  return {
    ...noPart,
    programs: [
      "nightingale",
      ...(database.kind === "own" ? [`nightingale-${database.engine}`] : []),
      ...(redis.kind === "own" ? ["nightingale-redis"] : []),
    ],
    namespaces: [
      {
        name: namespace,
        labels: podSecurity("restricted"),
        ...(database.kind === "own" && { holdsData: true }),
      },
    ],
    pods: podsOf(server, database, redis),
    namespace,
    server,
    database,
    redis,
    ...(route !== undefined && { route }),
    ...(redirect !== undefined && { redirect }),
    policies: policies(server, database, redis),
    ...(rootPasswordSecret !== undefined && { rootPasswordSecret }),
    timezone: site.timezone,
    content: contentOf(input, nightingale, monitoring),
  };
}

function serverBlueprint(input: BlueprintInput, stated: NightingaleSettings): NightingaleServer {
  const replicas = nightingaleReplicas(input.site, stated);
  return {
    name: service,
    port,
    image: programImage(input, "nightingale", "nightingale"),
    replicas,
    // A rolling update starts a new Pod before an old one goes.
    ownHosts: workers(input.site.hosts).length > replicas,
    nodeSelector: workersOnly,
    resources,
    historyDays: stated.historyDays,
  };
}

function podsOf(
  { name, replicas, nodeSelector }: NightingaleServer,
  ...stores: readonly (DatabaseBlueprint | RedisBlueprint)[]
): readonly PlatformPods[] {
  const common = { namespace, nodeSelector, tolerates: [] };
  return [
    { ...common, name, replicas, resources },
    ...stores.flatMap((store) =>
      store.kind === "own"
        ? [{ ...common, name: store.pod.name, replicas: 1, resources: store.pod.resources }]
        : [],
    ),
  ];
}

/**
 * Who may reach what. Its port is for the ingress, for Prometheus and for its own Pods, which ask each other; the
 * database and Redis are for its own Pods alone, and open no connections themselves.
 */
function policies(
  server: NightingaleServer,
  ...stores: readonly (DatabaseBlueprint | RedisBlueprint)[]
): readonly PolicyBlueprint[] {
  const at = (number: number) => [{ port: number, protocol: "TCP" } as const];
  const callers = [gateway.namespace, standby.namespace, monitoringNamespace];
  return [
    {
      name: server.name,
      workload: server.name,
      only: "ingress",
      ingress: [{ ...nothing, ownPods: true, namespaces: callers, ports: at(server.port) }],
      egress: [],
    },
    ...stores.flatMap((store) =>
      store.kind === "own"
        ? [
            {
              name: store.pod.name,
              workload: store.pod.name,
              ingress: [{ ...nothing, ownPods: true, ports: at(store.port) }],
              egress: [],
            },
          ]
        : [],
    ),
  ];
}

function contentOf(
  { name, site }: BlueprintInput,
  { notifies }: NightingaleSettings,
  { rules, dashboards }: Shown = { rules: [], dashboards: [] },
): NightingaleContent {
  const notification = notificationBlueprint(name, site);
  const named = rules.flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules.flatMap((rule) => ("alert" in rule ? [rule.team] : []))),
  );
  const told = notification?.teams.map((team) => team.name) ?? [];
  return {
    site: name,
    prometheusUrl: monitoringUrl(prometheus),
    teams: [...new Set([...named, ...told])].sort(),
    rules,
    dashboards,
    ...(notifies && notification !== undefined && { notification }),
  };
}
