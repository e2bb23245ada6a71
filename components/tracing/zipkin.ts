import type { TracingBlueprint } from "../../site/platform/tracing-types";
import { type Start, secretFolder } from "./program";
import { storePassword } from "./truststore";

/** How Zipkin is started. */

/** Zipkin counts spans; a trace of ordinary size has about ten. */
const spansOfTrace = 10;

export function zipkinStart({ storage }: TracingBlueprint): Start {
  const common = {
    probe: { path: "/health", port: 9411 },
    user: 1000,
    readsSecret: storage.kind === "elasticsearch",
  };
  // Half of what the Pod may have: the other half is the program's own, and what it does with the network.
  const java = ["-Xms256m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError"];
  if (storage.kind === "memory") {
    return {
      ...common,
      env: {
        STORAGE_TYPE: "mem",
        MEM_MAX_SPANS: String(storage.traces * spansOfTrace),
        JAVA_OPTS: java.join(" "),
      },
    };
  }
  const { url, login, ca } = storage;
  return {
    ...common,
    env: {
      STORAGE_TYPE: "elasticsearch",
      ES_HOSTS: url,
      ...(login && { ES_USERNAME: login.user }),
      JAVA_OPTS: [
        ...java,
        ...(ca === undefined
          ? []
          : [
              `-Djavax.net.ssl.trustStore=${secretFolder}/truststore.jks`,
              `-Djavax.net.ssl.trustStorePassword=${storePassword}`,
              "-Djavax.net.ssl.trustStoreType=JKS",
            ]),
      ].join(" "),
    },
    ...(login && { secretEnv: { ES_PASSWORD: "password" } }),
  };
}
