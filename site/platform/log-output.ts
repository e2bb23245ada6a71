import type { Site } from "../schema/site";
import { logStore, logStoreHost } from "./logging-place";
import type { LogOutput, LogSecret } from "./logging-types";

/** Where logs go, and the values that are asked for there. */

/** Variables and files with those values; never names of a release's secrets, which are in lower case. */
export const logVariables = {
  password: "LOG_OUTPUT_PASSWORD",
  apiKey: "LOG_OUTPUT_API_KEY",
  certificate: "LOG_OUTPUT_CERTIFICATE",
  key: "LOG_OUTPUT_KEY",
} as const;

/** User of the site's own store that may add entries and nothing else. */
export const logWriter = "log-writer";

/** Index of Metricbeat's figures in an Elasticsearch. */
export const metricsIndex = (product: string, site: string) => `metrics-${product}-${site}`;

const usualBulk = { elasticsearch: 1600, other: 2048 };

type Stated = Pick<Site, "logging" | "certificates">;

/** The output of a site with `logging`. */
export function logOutput(
  site: Stated,
  name: string,
  product: string,
): { readonly output: LogOutput; readonly secrets: readonly LogSecret[] } {
  const { elasticsearch, logstash, kafka } = site.logging?.output ?? {};
  if (elasticsearch !== undefined) {
    const { user, passwordSecret, apiKeySecret, index, compressionLevel } = elasticsearch;
    return {
      output: {
        kind: "elasticsearch",
        ...common(elasticsearch, usualBulk.elasticsearch),
        ...(user !== undefined && { user }),
        apiKey: apiKeySecret !== undefined,
        index: index ?? `logs-${product}-${name}`,
        compressionLevel,
      },
      secrets: [
        ...secret(logVariables.password, passwordSecret),
        ...secret(logVariables.apiKey, apiKeySecret),
        ...certificate(elasticsearch),
      ],
    };
  }
  if (logstash !== undefined) {
    const { compressionLevel } = logstash;
    return {
      output: { kind: "logstash", ...common(logstash, usualBulk.other), compressionLevel },
      secrets: certificate(logstash),
    };
  }
  if (kafka !== undefined) {
    const { topic, sasl, version, acknowledgedBy, compression, maxEventKiB } = kafka;
    return {
      output: {
        kind: "kafka",
        ...common(kafka, usualBulk.other),
        topic: topic ?? `logs.${name}`,
        ...(sasl !== undefined && { sasl: { mechanism: sasl.mechanism, user: sasl.user } }),
        version,
        acknowledgedBy,
        compression,
        maxEventBytes: maxEventKiB * 1024,
      },
      secrets: [...secret(logVariables.password, sasl?.passwordSecret), ...certificate(kafka)],
    };
  }
  return ownStore(site, name, product);
}

/** Our own store: its authority is the site's, which components put beside the configuration. */
function ownStore({ certificates }: Stated, name: string, product: string) {
  return {
    output: {
      kind: "elasticsearch" as const,
      line: "9" as const,
      hosts: [`${logStoreHost}:${logStore.port}`],
      bulkEvents: usualBulk.elasticsearch,
      ...(certificates !== undefined && {
        tls: { verification: "full" as const, ownCertificate: false },
      }),
      user: logWriter,
      apiKey: false,
      index: `logs-${product}-${name}`,
      compressionLevel: 1,
    },
    secrets: [{ variable: logVariables.password, file: false }],
  };
}

type Settings = Pick<
  NonNullable<NonNullable<NonNullable<Site["logging"]>["output"]>["kafka"]>,
  "hosts" | "line" | "bulkEvents" | "tls"
>;

function common({ hosts, line, bulkEvents, tls }: Settings, usual: number) {
  return {
    line,
    hosts,
    bulkEvents: bulkEvents ?? usual,
    ...(tls !== undefined && {
      tls: {
        ...(tls.ca !== undefined && { ca: tls.ca }),
        verification: tls.verification,
        ownCertificate: tls.keySecret !== undefined,
      },
    }),
  };
}

function secret(variable: string, given: string | undefined): readonly LogSecret[] {
  return given === undefined ? [] : [{ variable, given, file: false }];
}

function certificate({ tls }: Pick<Settings, "tls">): readonly LogSecret[] {
  const { certificateSecret, keySecret } = tls ?? {};
  if (certificateSecret === undefined || keySecret === undefined) return [];
  return [
    { variable: logVariables.certificate, given: certificateSecret, file: true },
    { variable: logVariables.key, given: keySecret, file: true },
  ];
}

/** Entries of the stack's secrets that logging needs, in no order. */
export function loggingSecretNames({ logging }: Pick<Site, "logging">): readonly string[] {
  if (logging?.output === undefined) return [];
  return logOutput({ logging }, "", "").secrets.flatMap(({ given }) => given ?? []);
}
