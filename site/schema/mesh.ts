import { z } from "zod";
import { nameField, portField, resourcesField, text } from "./fields";
import { samplingField } from "./sampling";

/** What a proxy beside a Pod asks for where the site states nothing; Istio's own numbers. */
const proxyResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "2", memory: "1Gi" },
};

const tracing = z.strictObject({
  provider: z
    .enum(["zipkin", "opentelemetry", "skywalking"], {
      error: "zipkin, opentelemetry or skywalking",
    })
    .describe("Protocol that the collector takes."),
  service: text(
    /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a Service and its namespace, such as jaeger-collector.tracing",
  ).describe("The collector, by Service and namespace: `jaeger-collector.tracing`."),
  port: portField.describe("Port of that Service."),
  samplingPercent: samplingField,
});

/** The site's `mesh` key: Istio. */
export const meshSchema = z.strictObject({
  mode: z
    .enum(["sidecar", "ambient"], { error: "sidecar or ambient" })
    .default("sidecar")
    .describe(
      "Where proxies run: with `sidecar` one in every Pod of the mesh, with `ambient` one on every node, which knows connections but not requests.",
    ),
  namespaces: z
    .record(nameField, z.boolean({ error: "true or false" }), {
      error: "an object of namespace name and true or false",
    })
    .default({})
    .describe(
      "Namespaces of the release that are in the mesh or not, where that differs from the release.",
    ),
  mtls: z
    .enum(["permissive", "strict"], { error: "permissive or strict" })
    .default("permissive")
    .describe(
      "Whether Pods of the mesh also take connections without mutual TLS. The standby ingress and monitoring stand outside the mesh; with `strict` only the ports that they need stay open to them.",
    ),
  proxy: resourcesField
    .default(proxyResources)
    .describe("Requests and limits of the proxy in each Pod of the mesh and of each gateway."),
  tracing: tracing
    .optional()
    .describe("A collector of traces that is not the site's own `tracing`. Absent: that, or none."),
});

export type MeshSettings = z.output<typeof meshSchema>;
