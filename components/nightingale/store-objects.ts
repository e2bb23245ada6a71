import type {
  DatabaseBlueprint,
  OwnClaim,
  OwnPod,
  RedisBlueprint,
} from "../../site/platform/nightingale-types";
import { lockedContainer, restrictedPod } from "../support/pod-security";
import { selectorLabels } from "../workload/labels";
import { probes } from "./pods";

/** The database and the Redis of the site's own, as plain data. Passwords come from files of their Secrets. */

export type OwnDatabase = Extract<DatabaseBlueprint, { kind: "own" }>;
export type OwnRedis = Extract<RedisBlueprint, { kind: "own" }>;

const secretsFolder = "/etc/secrets";

/** Keys of the Secret of each. */
export const databaseKeys = { password: "password", root: "root-password" } as const;
export const redisConfigKey = "redis.conf";

/** Configuration of Redis: it holds sessions, which may be lost. */
export function redisConfig({ port }: OwnRedis, password: string): string {
  return [
    `port ${port}`,
    `requirepass ${password}`,
    'save ""',
    "appendonly no",
    "maxmemory 128mb",
    "maxmemory-policy volatile-lru",
    "",
  ].join("\n");
}

/** User that the images of both engines and of Redis make for themselves. */
const user = 999;

const password = (key: string) => `${secretsFolder}/${key}`;

/** What the engines differ in. None of them listens before its first start is over. */
function engineOf({ engine, name, user: login }: OwnDatabase) {
  return engine === "mysql"
    ? {
        args: ["--character-set-server=utf8mb4", "--skip-name-resolve", "--mysqlx=OFF"],
        env: {
          MYSQL_DATABASE: name,
          MYSQL_USER: login,
          MYSQL_PASSWORD_FILE: password(databaseKeys.password),
          MYSQL_ROOT_PASSWORD_FILE: password(databaseKeys.root),
        },
        data: "/var/lib/mysql",
        socket: "/var/run/mysqld",
      }
    : {
        args: [],
        env: {
          POSTGRES_DB: name,
          POSTGRES_USER: login,
          POSTGRES_PASSWORD_FILE: password(databaseKeys.password),
          // It takes nothing but a folder that is its own.
          PGDATA: "/var/lib/postgresql/data/files",
        },
        data: "/var/lib/postgresql/data",
        socket: "/var/run/postgresql",
      };
}

export function databaseSet(namespace: string, database: OwnDatabase) {
  const { pod, claim, port } = database;
  const { args, env, data, socket } = engineOf(database);
  const { metadata, labels } = namesOf(namespace, pod);
  return {
    metadata,
    spec: {
      serviceName: pod.name,
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...podSpec(pod),
          terminationGracePeriodSeconds: 60,
          containers: [
            {
              ...container(pod, port),
              args,
              env: Object.entries(env).map(([name, value]) => ({ name, value })),
              volumeMounts: [
                // A fresh disk has a folder lost+found, which both engines take for somebody else's data.
                { name: "data", mountPath: data, subPath: "data" },
                { name: "secrets", mountPath: secretsFolder, readOnly: true },
                { name: "scratch", mountPath: socket, subPath: "socket" },
                { name: "scratch", mountPath: "/tmp", subPath: "tmp" },
              ],
            },
          ],
          volumes: [
            { name: "secrets", secret: { secretName: pod.name } },
            { name: "scratch", emptyDir: { sizeLimit: "256Mi" } },
          ],
        },
      },
      volumeClaimTemplates: [claimTemplate(claim)],
    },
  };
}

function claimTemplate({ sizeGiB, storageClass }: OwnClaim) {
  return {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass !== undefined && { storageClassName: storageClass }),
      resources: { requests: { storage: `${sizeGiB}Gi` } },
    },
  };
}

export function redisDeployment(namespace: string, { pod, port }: OwnRedis) {
  const { metadata, labels } = namesOf(namespace, pod);
  return {
    metadata,
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...podSpec(pod),
          containers: [
            {
              ...container(pod, port),
              args: ["redis-server", `${secretsFolder}/${redisConfigKey}`],
              volumeMounts: [
                { name: "secrets", mountPath: secretsFolder, readOnly: true },
                { name: "scratch", mountPath: "/data" },
              ],
            },
          ],
          volumes: [
            { name: "secrets", secret: { secretName: pod.name } },
            { name: "scratch", emptyDir: { sizeLimit: "64Mi" } },
          ],
        },
      },
    },
  };
}

export function storeService(namespace: string, { pod, port }: OwnDatabase | OwnRedis) {
  const { metadata, labels } = namesOf(namespace, pod);
  return {
    metadata,
    spec: { selector: labels, ports: [{ name: "store", port, targetPort: "store" }] },
  };
}

function namesOf(namespace: string, { name }: OwnPod) {
  const labels = selectorLabels({ name });
  return { labels, metadata: { name, namespace, labels } };
}

function podSpec({ nodeSelector }: OwnPod) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector: { ...nodeSelector },
    // Whole volumes are not gone through at every start.
    securityContext: { ...restrictedPod(user), fsGroupChangePolicy: "OnRootMismatch" },
  };
}

function container({ name, image, resources }: OwnPod, port: number) {
  return {
    name,
    image,
    ports: [{ name: "store", containerPort: port }],
    resources,
    ...probes({ tcpSocket: { port: "store" } }),
    securityContext: lockedContainer,
  };
}
