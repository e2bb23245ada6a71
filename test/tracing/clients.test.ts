import assert from "node:assert/strict";
import { blueprintWith, workloadOf } from "../support/platform-site";
import { tracedSite } from "./site";

const traced = (tracing: object | undefined, change: object = {}) => {
  const site = tracedSite(tracing);
  if (tracing === undefined) delete site.tracing;
  site.tenancy = {};
  return blueprintWith(site, ({ workloads }) => {
    Object.assign(workloads.web, { traces: true }, change);
  });
};

describe("A workload that sends traces", () => {
  it("is told where to, in the way that the collector takes them", () => {
    const { env } = workloadOf(traced({ samplingPercent: 5 }), "web");
    assert.equal(env.OTEL_EXPORTER_OTLP_ENDPOINT, "http://jaeger.tracing.svc.cluster.local:4318");
    assert.equal(env.OTEL_SERVICE_NAME, "web");
    assert.equal(env.OTEL_TRACES_SAMPLER_ARG, "0.05");
    const zipkin = workloadOf(traced({ kind: "zipkin" }), "web").env;
    assert.equal(
      zipkin.OTEL_EXPORTER_ZIPKIN_ENDPOINT,
      "http://zipkin.tracing.svc.cluster.local:9411/api/v2/spans",
    );
  });

  it("keeps what it states itself", () => {
    const { env } = workloadOf(traced({}, { env: { OTEL_TRACES_SAMPLER_ARG: "1" } }), "web");
    assert.equal(env.OTEL_TRACES_SAMPLER_ARG, "1");
  });

  it("is told nothing at a site without tracing, and neither are others", () => {
    const variables = (blueprint: ReturnType<typeof traced>, name: string) =>
      Object.keys(workloadOf(blueprint, name).env).filter((key) => key.startsWith("OTEL_"));
    assert.deepEqual(variables(traced(undefined), "web"), []);
    assert.deepEqual(variables(traced({}), "api"), []);
  });

  it("reaches the collector from a closed namespace, and its pages do not stand open", () => {
    const ports = (blueprint: ReturnType<typeof traced>) =>
      (blueprint.platform.tenancy?.product.namespaces ?? []).flatMap(({ policies }) =>
        policies
          .flatMap(({ egress }) => egress)
          .filter(({ namespaces }) => namespaces.includes("tracing"))
          .map((rule) => rule.ports.map(({ port }) => port)),
      );
    assert.deepEqual(ports(traced({})), [[4317, 4318, 9411]]);
    assert.deepEqual(ports(traced(undefined)), []);
  });
});
