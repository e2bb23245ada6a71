import type { BlueprintInput } from "../blueprint-input";
import { ownPrefix } from "../nodes";
import type { Resources } from "../pod-types";
import type { NightingaleDatabase, NightingaleRedis } from "../schema/nightingale";
import { nightingaleNamespace } from "./nightingale-place";
import type { DatabaseBlueprint, OwnPod, RedisBlueprint } from "./nightingale-types";
import { programImage } from "./storage-programs";

/** Where Nightingale keeps what it knows: programs of the site's own, or the customer's. */

const databaseName = "nightingale-database";
const redisName = "nightingale-redis";

export const databasePorts = { mysql: 3306, postgres: 5432 } as const;
export const redisPort = 6379;

const resources: Readonly<Record<"database" | "redis", Resources>> = {
  database: {
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "1", memory: "1Gi" },
  },
  redis: { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "192Mi" } },
};

export const workersOnly = { [`${ownPrefix}worker`]: "true" };

export function databaseBlueprint(
  input: BlueprintInput,
  stated: NightingaleDatabase,
): DatabaseBlueprint {
  const { engine } = stated;
  if (stated.kind === "external") {
    const { host, name, user, tls, passwordSecret } = stated;
    return {
      kind: "external",
      engine,
      host,
      port: stated.port ?? databasePorts[engine],
      name,
      user,
      passwordSecret,
      ...authority(tls),
    };
  }
  const { sizeGiB, storageClass } = stated;
  return {
    kind: "own",
    engine,
    host: withinCluster(input, databaseName),
    port: databasePorts[engine],
    name: "nightingale",
    user: "nightingale",
    tls: false,
    pod: ownPod(input, databaseName, engine, "database"),
    claim: { sizeGiB, ...(storageClass !== undefined && { storageClass }) },
  };
}

export function redisBlueprint(input: BlueprintInput, stated: NightingaleRedis): RedisBlueprint {
  if (stated.kind === "external") {
    const { host, port, user, passwordSecret, tls } = stated;
    return {
      kind: "external",
      host,
      port,
      ...(user !== undefined && { user }),
      ...(passwordSecret !== undefined && { passwordSecret }),
      ...authority(tls),
    };
  }
  return {
    kind: "own",
    host: withinCluster(input, redisName),
    port: redisPort,
    tls: false,
    pod: ownPod(input, redisName, "redis", "redis"),
  };
}

/** Name of the image's program in the catalogue's list. */
function ownPod(
  input: BlueprintInput,
  name: string,
  program: string,
  size: keyof typeof resources,
): OwnPod {
  return {
    name,
    image: programImage(input, `nightingale-${program}`, program),
    resources: resources[size],
    nodeSelector: workersOnly,
  };
}

function withinCluster({ site }: BlueprintInput, service: string): string {
  return `${service}.${nightingaleNamespace}.svc.${site.cluster.name}`;
}

function authority(tls: { readonly ca?: string | undefined } | undefined) {
  return { tls: tls !== undefined, ...(tls?.ca !== undefined && { ca: tls.ca }) };
}
