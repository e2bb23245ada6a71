import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { serviceHost } from "./routes";
import { nothing } from "./tenancy-network";
import type { TrafficRule } from "./tenancy-types";
import { tracingNamespace, tracingPlaces } from "./tracing-place";

/** How workloads send traces of their own to the site's collector. */

type TracedSite = Pick<Site, "tracing" | "cluster">;

/** Variables that libraries for tracing read; none at a site without tracing, where they then send nothing. */
export function traceVariables(
  site: TracedSite,
  name: string,
  { traces }: { readonly traces: boolean },
): Readonly<Record<string, string>> {
  const { tracing } = site;
  if (tracing === undefined || !traces) return {};
  const { service, ports } = tracingPlaces[tracing.kind].collector;
  const at = (port: string) => {
    const found = ports.find((one) => one.name === port);
    return `${serviceHost(site, service, tracingNamespace)}:${found?.port ?? ""}`;
  };
  const common = {
    OTEL_SERVICE_NAME: name,
    // Whoever was called by something that is traced goes on with it; others begin as often as the mesh does.
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: String(tracing.samplingPercent / 100),
    // The collector takes nothing but traces.
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  switch (tracing.kind) {
    case "jaeger":
      return {
        ...common,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${at("http-otlp")}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      };
    case "zipkin":
      return {
        ...common,
        OTEL_TRACES_EXPORTER: "zipkin",
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: `http://${at("http-zipkin")}/api/v2/spans`,
      };
    case "skywalking":
      return {
        ...common,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${at("grpc-agents")}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        SW_AGENT_NAME: name,
        SW_AGENT_COLLECTOR_BACKEND_SERVICES: at("grpc-agents"),
      };
  }
}

/** Lets Pods of a namespace reach the collector; empty where none of its workloads sends traces. */
export function traceEgress(
  { tracing }: Pick<Site, "tracing">,
  { workloads }: Pick<Release, "workloads">,
  namespace: string,
): readonly TrafficRule[] {
  const sends = Object.values(workloads).some(
    (workload) => workload.namespace === namespace && workload.traces,
  );
  if (tracing === undefined || !sends) return [];
  const { collector, pages, figures } = tracingPlaces[tracing.kind];
  const ports = collector.ports.filter(
    ({ name }) => collector.ports.length === 1 || ![pages.port.name, figures.port].includes(name),
  );
  return [
    {
      ...nothing,
      namespaces: [tracingNamespace],
      ports: ports.map(({ port }) => ({ port, protocol: "TCP" })),
    },
  ];
}
