import assert from "node:assert/strict";
import { Mesh } from "../../components/mesh/mesh";
import { Product } from "../../components/workload/product";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { roomySite, withEdge } from "../support/platform-site";
import { strayKeys } from "../support/settable-keys";
import { catalogue, resolve } from "../support/sites";

type AnySite = ReturnType<typeof roomySite>;

const blueprintOf = (change: (site: AnySite) => void) => {
  const site = roomySite();
  site.mesh = {};
  change(site);
  return withBundle(resolve(site));
};

async function deployed(change: (site: AnySite) => void = () => {}) {
  const { mesh } = blueprintOf(change).platform;
  if (mesh === undefined) throw new Error("no mesh");
  const found = await deploy(() => new Mesh("mesh", { mesh }));
  const inputs = (name: string) => {
    const one = found.seen.find((resource) => resource.name === name);
    assert.ok(one, `no resource ${name}`);
    return one.inputs;
  };
  return { ...found, inputs, values: (name: string) => inputs(name).values };
}

const served = (site: AnySite) => {
  withEdge(site, { proxyProtocol: true });
  site.certificates = {};
  site.ingress = { domain: "apps.site-t.example" };
};

describe("Mesh", () => {
  it("makes its charts and what holds for all of it", async () => {
    const { seen, urns } = await deployed(served);
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "mesh",
      "mesh-gateway-server",
      "mesh-istio-base",
      "mesh-istio-cni",
      "mesh-istio-ingress",
      "mesh-istiod",
      "mesh-peer-authentication",
      "mesh-telemetry",
    ]);
    for (const urn of urns.slice(2)) assert.match(urn, /sitewright:mesh:Mesh\$/);
  });

  it("adds a proxy on every node in ambient mode, with the same images", async () => {
    const { seen, values } = await deployed((site) => {
      site.mesh.mode = "ambient";
    });
    assert.ok(seen.some(({ name }) => name === "mesh-ztunnel"));
    assert.deepEqual(values("mesh-istiod").env, { PILOT_ENABLE_AMBIENT: "true" });
    assert.deepEqual(values("mesh-istio-cni").ambient, { enabled: true });
    // The profile would ask for images that the catalogue does not have.
    for (const name of ["mesh-istiod", "mesh-istio-cni", "mesh-ztunnel"]) {
      assert.equal(values(name).profile, undefined);
    }
  });

  it("puts the control plane under a revision that a tag leads to", async () => {
    const { values } = await deployed();
    const istiod = values("mesh-istiod");
    assert.equal(istiod.revision, "1-30-3");
    assert.deepEqual(istiod.revisionTags, ["stable"]);
    assert.equal(values("mesh-istio-base").defaultRevision, "1-30-3");
    assert.equal(values("mesh-istio-ingress").revision, "1-30-3");
    assert.equal(istiod.global.hub, "dockerhub.kubekey.local/release");
    assert.deepEqual(istiod.cni, { enabled: true });
  });

  it("leaves every definition to whom it belongs", async () => {
    const { values } = await deployed();
    const excluded = values("mesh-istio-base").base.excludedCRDs;
    assert.equal(excluded.length, 15);
    assert.ok(excluded.includes("virtualservices.networking.istio.io"));
  });

  it("opens the fixed NodePorts on the edge hosts alone", async () => {
    const { values } = await deployed(served);
    const gateway = values("mesh-istio-ingress");
    assert.equal(gateway.kind, "DaemonSet");
    assert.equal(gateway.strategy, undefined);
    assert.deepEqual(gateway.nodeSelector, { "sitewright/edge": "true" });
    assert.deepEqual(gateway.tolerations, [{ key: "sitewright/edge", operator: "Exists" }]);
    assert.equal(gateway.service.externalTrafficPolicy, "Local");
    assert.deepEqual(
      gateway.service.ports.map(({ port, nodePort }: Record<string, number>) => [port, nodePort]),
      [
        [15021, 30021],
        [80, 30080],
        [443, 30443],
      ],
    );
    assert.match(gateway.podAnnotations["proxy.istio.io/config"], /"proxyProtocol":\{\}/);
    assert.equal(gateway.image, undefined);
  });

  it("never has two gateways on one worker, nor waits for a place that is not there", async () => {
    const { values } = await deployed();
    const gateway = values("mesh-istio-ingress");
    assert.equal(gateway.replicaCount, 2);
    assert.ok(gateway.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution);
    assert.deepEqual(gateway.strategy.rollingUpdate, { maxSurge: 0, maxUnavailable: 1 });
    assert.equal(gateway.podAnnotations, undefined);
    // Nobody asks which of the nodes has one, so each of them must lead there.
    assert.equal(gateway.service.externalTrafficPolicy, "Cluster");
  });

  it("records requests as JSON, and traces as many as the site says", async () => {
    const { inputs, values } = await deployed((site) => {
      site.mesh.tracing = { provider: "zipkin", service: "jaeger.tracing", port: 9411 };
    });
    const { extensionProviders, enableTracing } = values("mesh-istiod").meshConfig;
    const [log, tracing] = extensionProviders;
    assert.equal(log.envoyFileAccessLog.logFormat.labels.status, "%RESPONSE_CODE%");
    assert.equal(enableTracing, true);
    assert.deepEqual(tracing.zipkin, { service: "jaeger.tracing.svc.cluster.local", port: 9411 });
    const { spec } = inputs("mesh-telemetry");
    assert.deepEqual(spec.accessLogging, [{ providers: [{ name: log.name }] }]);
    assert.deepEqual(spec.tracing, [
      { providers: [{ name: tracing.name }], randomSamplingPercentage: 1 },
    ]);
  });

  it("traces nothing where nobody takes it", async () => {
    const { inputs, values } = await deployed();
    assert.equal(values("mesh-istiod").meshConfig.enableTracing, false);
    assert.equal(inputs("mesh-telemetry").spec.tracing, undefined);
  });

  it("serves the site's names with its certificate, and sends plain HTTP on", async () => {
    const { inputs } = await deployed(served);
    const [http, https] = inputs("mesh-gateway-server").spec.servers;
    assert.deepEqual(http.tls, { httpsRedirect: true });
    assert.equal(https.tls.credentialName, "site-wildcard");
    assert.deepEqual(https.hosts, ["*.apps.site-t.example", "apps.site-t.example"]);
  });

  for (const [mode, change] of [
    ["ambient mode", (site: AnySite) => Object.assign(site.mesh, { mode: "ambient" })],
    ["an edge", served],
  ] as const) {
    it(`gives charts only keys that they read, with ${mode}`, async () => {
      const { seen } = await deployed(change);
      const charts = seen.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
      for (const { inputs } of charts) {
        const name = /charts\/([a-z-]+)\.tgz$/.exec(inputs.chart)?.[1] ?? "";
        const version = catalogue.platform.charts[name]?.version ?? "";
        assert.deepEqual(strayKeys(name, version, inputs.values), [], name);
      }
    });
  }
});

describe("The product in a mesh", () => {
  const product = (change: (site: AnySite) => void = () => {}) => {
    const { namespaces, workloads } = blueprintOf(change);
    return deploy(
      () => new Product("product", { namespaces, workloads, sharedVolumes: [], rules: [] }),
    );
  };

  it("bounds what the proxies of a namespace hold", async () => {
    const sidecar = (await product()).one("kubernetes:networking.istio.io/v1:Sidecar");
    assert.equal(sidecar.name, "product-parcels-sidecar");
    assert.deepEqual(sidecar.inputs.spec, { egress: [{ hosts: ["./*", "istio-system/*"] }] });
  });

  it("keeps open what callers outside the mesh need, and nothing else", async () => {
    const { seen } = await product((site) => {
      site.mesh.mtls = "strict";
      site.ingress = { domain: "apps.site-t.example" };
    });
    const exceptions = seen.filter(({ type }) => type.endsWith(":PeerAuthentication"));
    assert.deepEqual(exceptions.map(({ name }) => name).sort(), [
      "product-api-plain-ports",
      "product-web-plain-ports",
    ]);
    assert.deepEqual(exceptions[0]?.inputs.spec, {
      selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
      mtls: { mode: "STRICT" },
      portLevelMtls: { 9898: { mode: "PERMISSIVE" } },
    });
  });

  it("marks Pods with the version of their proxies", async () => {
    const { seen } = await product((site) => {
      site.workloads.worker = { mesh: false };
    });
    const pod = (name: string) =>
      seen.find((one) => one.name === name)?.inputs.spec.template.metadata;
    const inside = pod("product-api-deployment");
    assert.equal(inside.labels["sidecar.istio.io/inject"], "true");
    assert.equal(inside.annotations["sitewright/mesh-revision"], "1-30-3");
    const outside = pod("product-worker-deployment");
    assert.equal(outside.labels["sidecar.istio.io/inject"], "false");
    assert.equal(outside.annotations, undefined);
  });
});
