import { stringify } from "yaml";
import type { TraceStorage, TracingBlueprint } from "../../site/platform/tracing-types";
import { type Start, secretFolder, settingsFolder } from "./program";

/** How Jaeger is started: one program that takes traces in and shows them. */

const file = "jaeger.yaml";
const health = 13_133;

export function jaegerStart({ collector, storage }: TracingBlueprint): Start {
  const port = (name: string) => {
    const found = collector.ports.find((one) => one.name === name);
    if (found === undefined) throw new Error(`Jaeger has no port ${name}`);
    return `0.0.0.0:${found.port}`;
  };
  const traces = "traces";
  const settings = {
    service: {
      extensions: ["jaeger_storage", "jaeger_query", "healthcheckv2"],
      pipelines: {
        traces: {
          receivers: ["otlp", "zipkin"],
          // The limit comes first: what is over it is refused before anything is made of it.
          processors: ["memory_limiter", "batch"],
          exporters: ["jaeger_storage_exporter"],
        },
      },
      telemetry: {
        resource: { "service.name": "jaeger" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: "0.0.0.0", port: 8888 } } } }],
        },
        logs: { level: "info", encoding: "json" },
      },
    },
    extensions: {
      jaeger_storage: { backends: { [traces]: backend(storage) } },
      jaeger_query: { storage: { traces }, http: { endpoint: port("http-pages") } },
      healthcheckv2: { use_v2: true, http: { endpoint: `0.0.0.0:${health}` } },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: port("grpc-otlp") },
          http: { endpoint: port("http-otlp") },
        },
      },
      zipkin: { endpoint: port("http-zipkin") },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 },
      batch: {},
    },
    exporters: { jaeger_storage_exporter: { trace_storage: traces } },
  };
  return {
    args: [`--config=${settingsFolder}/${file}`],
    env: {},
    probe: { path: "/status", port: health },
    user: 10_001,
    settings: { [file]: stringify(settings, { lineWidth: 0 }) },
    readsSecret: storage.kind === "elasticsearch",
  };
}

function backend(storage: TraceStorage) {
  if (storage.kind === "memory") return { memory: { max_traces: storage.traces } };
  const { url, login, ca } = storage;
  return {
    elasticsearch: {
      server_urls: [url],
      ...(login && {
        auth: { basic: { username: login.user, password_file: `${secretFolder}/password` } },
      }),
      ...(ca !== undefined && { tls: { ca_file: `${secretFolder}/ca.crt` } }),
    },
  };
}
