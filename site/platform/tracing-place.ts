import type { Site } from "../schema/site";

/** Where traces are sent to, for everything that sends some. */

/** Namespace that collectors and their pages keep for themselves. */
export const tracingNamespace = "tracing";

type Kind = NonNullable<Site["tracing"]>["kind"];

interface Port {
  readonly name: string;
  readonly port: number;
}

/** A program of tracing by its Service. */
interface TracingService {
  readonly service: string;
  readonly ports: readonly Port[];
}

interface Place {
  /** What takes traces in. */
  readonly collector: TracingService;
  /** How the mesh's proxies send theirs. */
  readonly mesh: { readonly provider: MeshTracing["provider"]; readonly port: number };
  readonly pages: { readonly service: string; readonly port: Port };
  /** Its own figures for Prometheus; the port is one of the collector's. */
  readonly figures: { readonly port: string; readonly path: string };
}

// Names of ports begin with what they speak, which is how proxies know it.
const zipkin: Port = { name: "http-zipkin", port: 9411 };

/** Programs, as their own defaults have them. */
export const tracingPlaces: Readonly<Record<Kind, Place>> = {
  jaeger: {
    collector: {
      service: "jaeger",
      ports: [
        { name: "grpc-otlp", port: 4317 },
        { name: "http-otlp", port: 4318 },
        zipkin,
        { name: "http-pages", port: 16_686 },
        { name: "http-figures", port: 8888 },
      ],
    },
    mesh: { provider: "opentelemetry", port: 4317 },
    pages: { service: "jaeger", port: { name: "http-pages", port: 16_686 } },
    figures: { port: "http-figures", path: "/metrics" },
  },
  zipkin: {
    collector: { service: "zipkin", ports: [zipkin] },
    mesh: { provider: "zipkin", port: 9411 },
    pages: { service: "zipkin", port: zipkin },
    figures: { port: zipkin.name, path: "/prometheus" },
  },
  skywalking: {
    collector: {
      service: "skywalking",
      ports: [
        { name: "grpc-agents", port: 11_800 },
        { name: "http-rest", port: 12_800 },
        zipkin,
        { name: "http-spans", port: 9412 },
        { name: "http-figures", port: 1234 },
      ],
    },
    mesh: { provider: "skywalking", port: 11_800 },
    pages: { service: "skywalking-pages", port: { name: "http-pages", port: 8080 } },
    figures: { port: "http-figures", path: "/metrics" },
  },
};

/** Where proxies of the mesh send traces, and how many. */
export interface MeshTracing {
  readonly provider: "zipkin" | "opentelemetry" | "skywalking";
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly samplingPercent: number;
}

/** What the mesh does by the site's own tracing; undefined where the site has none. */
export function ownMeshTracing({ tracing }: Pick<Site, "tracing">): MeshTracing | undefined {
  if (tracing === undefined) return undefined;
  const { collector, mesh } = tracingPlaces[tracing.kind];
  return {
    ...mesh,
    service: collector.service,
    namespace: tracingNamespace,
    samplingPercent: tracing.samplingPercent,
  };
}

/** Where the mesh sends traces: to the collector that it states, or else to the site's own; undefined for neither. */
export function meshTracing(site: Pick<Site, "mesh" | "tracing">): MeshTracing | undefined {
  const stated = site.mesh?.tracing;
  if (site.mesh === undefined || stated === undefined) {
    return site.mesh && ownMeshTracing(site);
  }
  const [service = "", namespace = ""] = stated.service.split(".");
  return { ...stated, service, namespace };
}
