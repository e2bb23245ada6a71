import type { TracingBlueprint } from "../../site/platform/tracing-types";
import { labelsOf, podSpec, type Start, secretFolder } from "./program";
import { storePassword } from "./truststore";

/** How SkyWalking is started: a server, its pages, and before both what makes its tables. */

/** The server; with `init` it makes its tables and ends, without it waits until they are there. */
export function skywalkingStart(
  { storage, retentionDays }: TracingBlueprint,
  mode: "init" | "no-init",
): Start {
  if (storage.kind === "memory") throw new Error("SkyWalking keeps nothing in memory");
  const { url, login, ca } = storage;
  const { protocol, host } = new URL(url);
  return {
    env: {
      JAVA_OPTS: `-Xms512m -Xmx1g -Dmode=${mode}`,
      SW_STORAGE: "elasticsearch",
      SW_STORAGE_ES_CLUSTER_NODES: host,
      SW_STORAGE_ES_HTTP_PROTOCOL: protocol.replace(":", ""),
      ...(login && { SW_ES_USER: login.user }),
      ...(ca !== undefined && {
        SW_STORAGE_ES_SSL_JKS_PATH: `${secretFolder}/truststore.jks`,
        SW_STORAGE_ES_SSL_JKS_PASS: storePassword,
      }),
      // It removes what is older by itself.
      SW_CORE_RECORD_DATA_TTL: String(retentionDays),
      SW_CORE_METRICS_DATA_TTL: String(Math.max(retentionDays, 7)),
      // Traces of others, and of OpenTelemetry's, which it keeps as Zipkin's.
      SW_RECEIVER_ZIPKIN: "default",
      SW_QUERY_ZIPKIN: "default",
    },
    ...(login && { secretEnv: { SW_ES_PASSWORD: "password" } }),
    probe: { tcp: 12_800 },
    user: 1000,
    readsSecret: true,
  };
}

export function skywalkingPagesStart({ collector, pages }: TracingBlueprint): Start {
  return {
    env: {
      JAVA_OPTS: "-Xms128m -Xmx256m",
      SW_OAP_ADDRESS: `http://${collector.name}:12800`,
      SW_ZIPKIN_ADDRESS: `http://${collector.name}:9412`,
    },
    probe: { tcp: pages?.ports[0]?.port ?? 8080 },
    user: 1000,
  };
}

/**
 * Makes the server's tables; the server itself only looks whether they are there, since several of them would get into
 * each other's way.
 */
export function skywalkingInit(tracing: TracingBlueprint) {
  const { namespace, collector } = tracing;
  const name = `${collector.name}-init`;
  const { probe: _, ...start } = skywalkingStart(tracing, "init");
  const pod = podSpec(tracing, { ...collector, name, replicas: 1, ports: [] }, start);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels: labelsOf(name) },
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: 900,
      template: {
        metadata: { labels: labelsOf(name) },
        spec: { ...pod, restartPolicy: "Never" },
      },
    },
  };
}
