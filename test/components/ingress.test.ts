import assert from "node:assert/strict";
import { Ingress } from "../../components/ingress/ingress";
import { Product } from "../../components/workload/product";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { roomySite, withEdge } from "../support/platform-site";
import { strayKeys } from "../support/settable-keys";
import { catalogue, resolve } from "../support/sites";

type AnySite = ReturnType<typeof roomySite>;

const blueprintOf = (change: (site: AnySite) => void) => {
  const site = roomySite();
  site.ingress = { domain: "apps.site-t.example" };
  change(site);
  return withBundle(resolve(site));
};

async function deployed(change: (site: AnySite) => void = () => {}) {
  const { ingress } = blueprintOf(change).platform;
  if (ingress === undefined) throw new Error("no ingress");
  const found = await deploy(() => new Ingress("ingress", { ingress }));
  const chart = found.seen.find(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
  return { ...found, values: chart?.inputs.values };
}

const names = async (change: (site: AnySite) => void = () => {}) =>
  (await deployed(change)).seen.map(({ name }) => name).sort();

describe("Ingress", () => {
  it("makes the standby, with its certificate where there is one", async () => {
    assert.deepEqual(await names(), ["ingress", "ingress-traefik"]);
    const secured = (site: AnySite) => {
      site.certificates = {};
    };
    assert.deepEqual(await names(secured), [
      "ingress",
      "ingress-default-certificate",
      "ingress-traefik",
    ]);
    const store = (await deployed(secured)).one("kubernetes:traefik.io/v1alpha1:TLSStore");
    assert.deepEqual(store.inputs.metadata, { name: "default", namespace: "traefik" });
    assert.deepEqual(store.inputs.spec, { defaultCertificate: { secretName: "site-wildcard" } });
  });

  it("makes nothing where no standby is wanted", async () => {
    const without = (site: AnySite) => {
      site.mesh = {};
      site.ingress.standby = false;
    };
    assert.deepEqual(await names(without), ["ingress"]);
  });

  it("keeps the standby from calling home, from the dashboard and from foreign Ingresses", async () => {
    const { values } = await deployed();
    assert.deepEqual(values.global, { checkNewVersion: false, sendAnonymousUsage: false });
    assert.equal(values.api.dashboard, false);
    assert.equal(values.ingressRoute.dashboard.enabled, false);
    assert.equal(values.ingressClass.isDefaultClass, false);
  });

  it("opens the fixed NodePorts, HTTPS only with a certificate", async () => {
    const ports = async (change?: (site: AnySite) => void) => {
      const { web, websecure, traefik } = (await deployed(change)).values.ports;
      return [web, websecure, traefik].map(({ nodePort, expose }) => [nodePort, expose?.default]);
    };
    const plain = [
      [31080, undefined],
      [31443, false],
      [31090, true],
    ];
    assert.deepEqual(await ports(), plain);
    const secured = await ports((site) => {
      site.certificates = {};
    });
    assert.deepEqual(secured[1], [31443, undefined]);
  });

  it("believes edge hosts about addresses, and any balancer of the customer's", async () => {
    const told = async (edge: object) =>
      (await deployed((site) => withEdge(site, edge))).values.ports.web.proxyProtocol;
    assert.deepEqual(await told({ proxyProtocol: true }), {
      trustedIPs: ["192.0.2.41", "192.0.2.42"],
    });
    assert.deepEqual(await told({ mode: "external", proxyProtocol: true }), { insecure: true });
    assert.equal(await told({}), undefined);
  });

  it("answers on every node where nobody asks which of them is ready", async () => {
    const policy = async (change?: (site: AnySite) => void) =>
      (await deployed(change)).values.service.spec.externalTrafficPolicy;
    assert.equal(await policy(), "Cluster");
    assert.equal(await policy(withEdge), "Local");
  });

  it("gives the chart only keys that it reads", async () => {
    const { values } = await deployed((site) => {
      site.mesh = {};
      site.certificates = {};
      withEdge(site, { proxyProtocol: true });
    });
    const version = catalogue.platform.charts.traefik?.version ?? "";
    assert.deepEqual(strayKeys("traefik", version, values), []);
  });
});

describe("The product's routes", () => {
  async function routes(change: (site: AnySite) => void) {
    const { namespaces, workloads } = blueprintOf(change);
    const { seen } = await deploy(
      () => new Product("product", { namespaces, workloads, sharedVolumes: [], rules: [] }),
    );
    const custom = seen.filter(({ type }) => /istio\.io|traefik\.io/.test(type));
    const spec = (name: string) => custom.find((one) => one.name === name)?.inputs.spec;
    return { names: custom.map(({ name }) => name).sort(), spec };
  }
  const everything = (site: AnySite) => {
    site.mesh = {};
    site.certificates = {};
    withEdge(site);
  };

  it("stand on the gateway and on the standby, for HTTPS and for plain HTTP", async () => {
    const { names, spec } = await routes(everything);
    assert.deepEqual(names, [
      "product-api-http-virtual-service",
      "product-api-http-web-ingress-route",
      "product-api-http-websecure-ingress-route",
      "product-parcels-middleware",
      "product-parcels-sidecar",
      "product-web-http-virtual-service",
      "product-web-http-web-ingress-route",
      "product-web-http-websecure-ingress-route",
    ]);
    const { hosts, gateways, http } = spec("product-web-http-virtual-service");
    assert.deepEqual(hosts, ["web.apps.site-t.example", "www.apps.site-t.example"]);
    assert.deepEqual(gateways, ["istio-ingress/site"]);
    assert.deepEqual(http[0].route, [
      { destination: { host: "web.parcels.svc.cluster.local", port: { number: 8080 } } },
    ]);
    const [secure] = spec("product-web-http-websecure-ingress-route").routes;
    assert.equal(
      secure.match,
      "Host(`web.apps.site-t.example`) || Host(`www.apps.site-t.example`)",
    );
    const [plain] = spec("product-web-http-web-ingress-route").routes;
    assert.deepEqual(plain.middlewares, [{ name: "to-https" }]);
  });

  it("stand on the standby alone without a mesh, and then serve plain HTTP", async () => {
    const { names } = await routes(() => {});
    assert.deepEqual(names, [
      "product-api-http-web-ingress-route",
      "product-web-http-web-ingress-route",
    ]);
  });

  it("are handed over to the standby by one field", async () => {
    const { spec } = await routes((site) => {
      everything(site);
      site.ingress.active = "standby";
    });
    assert.deepEqual(spec("product-api-http-virtual-service").http[0].route, [
      { destination: { host: "traefik.traefik.svc.cluster.local", port: { number: 80 } } },
    ]);
  });

  it("send clients on to the port that they can reach", async () => {
    const { spec } = await routes((site) => {
      site.certificates = {};
    });
    assert.deepEqual(spec("product-parcels-middleware"), {
      redirectScheme: { scheme: "https", permanent: true, port: "31443" },
    });
  });
});
