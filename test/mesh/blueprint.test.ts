import assert from "node:assert/strict";
import { blueprintWith, roomySite, withEdge } from "../support/platform-site";

type AnySite = ReturnType<typeof roomySite>;

const platform = (change: (site: AnySite) => void = () => {}) => {
  const site = roomySite();
  site.mesh = {};
  change(site);
  return blueprintWith(site);
};
const meshOf = (change?: (site: AnySite) => void) => {
  const { mesh } = platform(change).platform;
  if (mesh === undefined) throw new Error("no mesh");
  return mesh;
};

describe("The mesh of a site", () => {
  it("is made of these charts, in this order, in their own namespaces", () => {
    const charts = (mesh: ReturnType<typeof meshOf>) =>
      mesh.charts.map(({ chart, release, namespace }) => `${chart} ${namespace}/${release}`);
    const sidecar = [
      "base istio-system/istio-base",
      "istiod istio-system/istiod",
      "cni istio-system/istio-cni",
      "gateway istio-ingress/istio-ingress",
    ];
    assert.deepEqual(charts(meshOf()), sidecar);
    const ambient = meshOf((site) => {
      site.mesh.mode = "ambient";
    });
    assert.deepEqual(charts(ambient), sidecar.toSpliced(3, 0, "ztunnel istio-system/ztunnel"));
  });

  it("takes its proxies from the site's registry under the catalogue's version", () => {
    const { hub, version, revision } = meshOf();
    assert.deepEqual(
      { hub, version, revision },
      { hub: "dockerhub.kubekey.local/release", version: "1.30.3", revision: "1-30-3" },
    );
    const images = platform().images.map(({ siteImage }) => siteImage);
    for (const name of ["proxyv2", "pilot"])
      assert.ok(images.includes(`${hub}/${name}:${version}`));
  });

  it("counts a proxy for each of the product's Pods", () => {
    const { pods } = meshOf((site) => {
      site.workloads.worker = { mesh: false };
    });
    const proxies = pods.filter(({ name }) => name.startsWith("proxies of "));
    assert.deepEqual(
      proxies.map(({ name, replicas }) => `${name}: ${replicas}`),
      ["proxies of api: 2", "proxies of clean-up: 1", "proxies of web: 2"],
    );
    assert.equal(proxies[0]?.resources.requests.cpu, "100m");
  });

  it("counts the proxy of a Pod on every node there, and not on workers", () => {
    const site = roomySite();
    site.mesh = {};
    const { platform } = blueprintWith(site, ({ workloads }) => {
      workloads.agent = { ...workloads.web, kind: "DaemonSet", nodes: "all" };
    });
    const proxy = platform.mesh?.pods.find(({ name }) => name === "proxies of agent");
    assert.deepEqual(
      [proxy?.replicas, proxy?.tolerates],
      [3, ["node-role.kubernetes.io/control-plane"]],
    );
  });
});

describe("The gateway of a mesh", () => {
  it("has two Pods on workers, never two on one, where the site has no edge", () => {
    const { gateway } = meshOf();
    assert.equal(gateway.kind, "Deployment");
    assert.equal(gateway.replicas, 2);
    assert.deepEqual([gateway.nodeSelector, gateway.tolerates], [{}, []]);
  });

  it("has one Pod where there is one worker", () => {
    const { gateway, controlPlane } = meshOf((site) => {
      site.hosts.splice(2, 1);
      site.workloads = { web: { replicas: 1 } };
      site.capacity = { spareNodes: 0 };
    });
    assert.deepEqual([gateway.replicas, controlPlane.replicas], [1, 1]);
  });

  it("has a Pod on every edge host, whose taint it bears", () => {
    const { gateway } = meshOf(withEdge);
    assert.equal(gateway.kind, "DaemonSet");
    assert.equal(gateway.replicas, 2);
    assert.deepEqual(gateway.nodeSelector, { "sitewright/edge": "true" });
    assert.deepEqual(gateway.tolerates, ["sitewright/edge"]);
  });

  it("expects PROXY protocol just where the edge speaks it", () => {
    assert.equal(meshOf(withEdge).gateway.proxyProtocol, false);
    const speaks = (site: AnySite) => withEdge(site, { proxyProtocol: true });
    assert.equal(meshOf(speaks).gateway.proxyProtocol, true);
  });

  it("serves nothing without an ingress, and every name of the site with one", () => {
    assert.equal(meshOf().gateway.server, undefined);
    const { gateway } = meshOf((site) => {
      withEdge(site);
      site.certificates = {};
      site.ingress = { domain: "apps.site-t.example" };
      site.workloads.api = { expose: { http: { hosts: ["parcels.customer.example", "a.b"] } } };
    });
    assert.deepEqual(gateway.server, {
      name: "site",
      hosts: ["*.apps.site-t.example", "apps.site-t.example", "a.b", "parcels.customer.example"],
      certificateSecret: "site-wildcard",
      httpsRedirect: true,
    });
  });

  it("does not encrypt without certificates", () => {
    const { gateway } = meshOf((site) => {
      site.ingress = { domain: "apps.site-t.example" };
    });
    assert.equal(gateway.server?.certificateSecret, undefined);
    assert.equal(gateway.server?.httpsRedirect, false);
  });
});
