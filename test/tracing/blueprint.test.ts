import assert from "node:assert/strict";
import { withEdge } from "../support/platform-site";
import { problemsOf } from "../support/sites";
import { blueprintOf, elasticsearch, secrets, tracedSite } from "./site";

const tracingOf = (site: unknown) => {
  const { tracing } = blueprintOf(site).platform;
  assert.ok(tracing);
  return tracing;
};

describe("Tracing as a site states it", () => {
  it("is one Jaeger with its traces in memory, where nothing else is said", () => {
    const { kind, collector, storage, cleaner, route, pages } = tracingOf(tracedSite());
    assert.equal(kind, "jaeger");
    assert.equal(collector.replicas, 1);
    assert.deepEqual(storage, { kind: "memory", traces: 20_000 });
    assert.deepEqual([cleaner, route, pages], [undefined, undefined, undefined]);
  });

  it("is two Pods where Elasticsearch keeps the traces, and somebody removes old ones", () => {
    const { collector, cleaner, retentionDays } = tracingOf(
      tracedSite({ storage: elasticsearch, retentionDays: 14 }),
    );
    assert.equal(collector.replicas, 2);
    assert.equal(retentionDays, 14);
    assert.ok(cleaner?.indices.includes("jaeger-span"));
  });

  it("lets SkyWalking remove its own, beside pages of its own", () => {
    const { collector, cleaner, pages } = tracingOf(
      tracedSite({ kind: "skywalking", storage: elasticsearch }),
    );
    assert.equal(collector.replicas, 1);
    assert.equal(cleaner, undefined);
    assert.equal(pages?.name, "skywalking-pages");
  });

  it("asks for the images of what it starts, and no others", () => {
    const images = (tracing: object) =>
      blueprintOf(tracedSite(tracing))
        .images.map(({ image }) => image)
        .filter((image) => /jaeger|zipkin|skywalking|curl/.test(image));
    assert.deepEqual(images({}), ["docker.io/jaegertracing/jaeger:2.19.0"]);
    assert.deepEqual(images({ storage: elasticsearch }), [
      "docker.io/curlimages/curl:8.16.0",
      "docker.io/jaegertracing/jaeger:2.19.0",
    ]);
    assert.deepEqual(images({ kind: "skywalking", storage: elasticsearch }), [
      "docker.io/apache/skywalking-oap-server:10.4.0",
      "docker.io/apache/skywalking-ui:10.4.0",
    ]);
  });

  const ends: readonly (readonly [url: string, networks: readonly string[], egress: object])[] = [
    ["https://192.0.2.70:9200", [], { cidrs: ["192.0.2.70/32"], namespaces: [], port: 9200 }],
    ["https://192.0.2.70:443", [], { cidrs: ["192.0.2.70/32"], namespaces: [], port: 443 }],
    [
      "http://elasticsearch.logging.svc:9200",
      [],
      { cidrs: [], namespaces: ["logging"], port: 9200 },
    ],
    [
      "https://search.example.com:9243",
      ["198.51.100.0/24"],
      { cidrs: ["198.51.100.0/24"], namespaces: [], port: 9243 },
    ],
  ];
  for (const [url, networks, expected] of ends) {
    it(`lets traces out to ${url} and nowhere else`, () => {
      const { policies } = tracingOf(
        tracedSite({ storage: { kind: "elasticsearch", url, networks } }),
      );
      const [, , out] = policies[0]?.egress ?? [];
      const { cidrs, namespaces, ports } = out ?? { ports: [] };
      assert.deepEqual({ cidrs, namespaces, port: ports[0]?.port }, expected);
      assert.equal(policies[0]?.egress.length, 3);
    });
  }

  it("opens pages to those who serve them only, and figures to monitoring only", () => {
    const opened = (site: unknown, port: number) =>
      tracingOf(site).policies[0]?.ingress.filter(({ ports }) =>
        ports.some((one) => one.port === port),
      );
    assert.deepEqual(opened(tracedSite(), 16_686), []);
    const site = tracedSite({ host: "traces" });
    withEdge(site);
    Object.assign(site, {
      mesh: {},
      certificates: {},
      ingress: { domain: "apps.site-t.example" },
      monitoring: {},
    });
    assert.deepEqual(
      opened(site, 16_686)?.map(({ namespaces }) => namespaces),
      [["istio-ingress", "traefik"]],
    );
    assert.deepEqual(
      opened(site, 8888)?.map(({ namespaces }) => namespaces),
      [["monitoring"]],
    );
    assert.deepEqual(tracingOf(site).route?.urls, ["https://traces.apps.site-t.example/"]);
  });
});

describe("The mesh of a site with tracing", () => {
  const meshTracing = (tracing: object) => {
    const site = tracedSite(tracing);
    site.mesh = {};
    return blueprintOf(site).platform.mesh?.tracing;
  };

  it("sends its traces there, in the way that fits, as many as the site says", () => {
    assert.deepEqual(meshTracing({ samplingPercent: 5 }), {
      provider: "opentelemetry",
      service: "jaeger.tracing.svc.cluster.local",
      port: 4317,
      samplingPercent: 5,
    });
    assert.equal(meshTracing({ kind: "zipkin" })?.provider, "zipkin");
    assert.deepEqual(meshTracing({ kind: "skywalking", storage: elasticsearch }), {
      provider: "skywalking",
      service: "skywalking.tracing.svc.cluster.local",
      port: 11_800,
      samplingPercent: 1,
    });
  });

  it("lets its proxies reach the collector from every closed namespace", () => {
    const site = tracedSite();
    Object.assign(site, { mesh: {}, tenancy: {} });
    const rules = blueprintOf(site).platform.tenancy?.product.namespaces ?? [];
    assert.ok(rules.length > 0);
    for (const { policies } of rules) {
      const platform = policies.find(({ name }) => name === "platform");
      const out = platform?.egress.find(({ namespaces }) => namespaces.includes("tracing"));
      assert.deepEqual(out?.ports, [{ port: 4317, protocol: "TCP" }]);
    }
  });
});

describe("Problems of tracing", () => {
  const mesh = (tracing: object) => {
    const site = tracedSite();
    site.mesh = { tracing };
    return site;
  };
  const own = { provider: "opentelemetry", service: "jaeger.tracing", port: 4317 };
  const cases: readonly (readonly [
    title: string,
    site: () => unknown,
    problem: RegExp | undefined,
  ])[] = [
    ["memory and Jaeger", () => tracedSite(), undefined],
    [
      "SkyWalking without Elasticsearch",
      () => tracedSite({ kind: "skywalking" }),
      /tracing\.storage\.kind: elasticsearch/,
    ],
    ["a mesh that says the same", () => mesh(own), undefined],
    [
      "a mesh that sends elsewhere",
      () => mesh({ ...own, service: "other.tracing" }),
      /mesh\.tracing: what follows from tracing/,
    ],
    [
      "a mesh with another sampling",
      () => mesh({ ...own, samplingPercent: 50 }),
      /mesh\.tracing: what follows/,
    ],
    [
      "a name without networks",
      () =>
        tracedSite({
          storage: { kind: "elasticsearch", url: "https://search.example.com:9200" },
        }),
      /tracing\.storage\.networks: the networks that search\.example\.com answers in/,
    ],
    [
      "a user without a password",
      () =>
        tracedSite({
          storage: { kind: "elasticsearch", url: "https://192.0.2.70:9200", user: "traces" },
        }),
      /tracing\.storage\.passwordSecret: a secret with the password: user is stated/,
    ],
    [
      "a password for everybody to read",
      () => tracedSite({ storage: { ...elasticsearch, url: "http://192.0.2.70:9200" } }),
      /tracing\.storage\.url: https, since a password is sent there/,
    ],
    [
      "a password that stays within the cluster",
      () => tracedSite({ storage: { ...elasticsearch, url: "http://search.logs.svc:9200" } }),
      undefined,
    ],
    [
      "a password that the stack has not",
      () => tracedSite({ storage: { ...elasticsearch, passwordSecret: "tracePassword" } }),
      /tracing\.storage\.passwordSecret: an entry of sitewright:secrets/,
    ],
    [
      "pages without an ingress",
      () => tracedSite({ host: "traces" }),
      /tracing\.host: an ingress at the site/,
    ],
    [
      "pages under a workload's name",
      () => {
        const site = tracedSite({ host: "web" });
        Object.assign(site, { ingress: { domain: "apps.site-t.example" }, certificates: {} });
        return site;
      },
      /tracing\.host: a name that nothing else has/,
    ],
    [
      "pages by a gateway that is not there",
      () => {
        const site = tracedSite({ host: "traces", via: "gateway" });
        Object.assign(site, { ingress: { domain: "apps.site-t.example" }, certificates: {} });
        return site;
      },
      /tracing\.via: a site with a mesh/,
    ],
  ];
  for (const [title, site, problem] of cases) {
    it(`${problem === undefined ? "are none for" : "are told for"} ${title}`, () => {
      const found = problemsOf(site(), secrets).filter((text) => /tracing/.test(text));
      if (problem === undefined) assert.deepEqual(found, []);
      else assert.match(found.join("\n"), problem);
    });
  }
});
