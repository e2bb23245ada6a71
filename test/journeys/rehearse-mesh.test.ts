import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Checkout, succeeded } from "./support/checkout";

/** What it cannot prove, since no container runs: that a proxy is injected, and that Envoy and Traefik route. */
describe("A mesh with a gateway and a standby", function () {
  this.timeout(1_200_000);
  let checkout: Checkout;

  const site = "Pulumi.site-b.yaml";
  const rehearse = async () => {
    const ran = await checkout.run(["rehearse", "site-b", "--keep", "--json"]);
    succeeded(ran);
    return JSON.parse(ran.stdout);
  };
  const kubectl = async (...words: string[]) => {
    const ran = await checkout.run(["enter", "site-b", "kubectl", ...words]);
    succeeded(ran);
    return ran.stdout;
  };
  const object = async (...words: string[]) =>
    JSON.parse(await kubectl("get", ...words, "-o", "json"));

  before(() => {
    checkout = new Checkout();
    checkout.edit(site, (text) =>
      text.replace(
        "    ingress: {nipIo: true}",
        "    mesh: {mtls: strict}\n    ingress: {domain: apps.site-b.example, httpsRedirect: false}",
      ),
    );
  });

  after(async () => {
    await checkout.run(["rehearse", "site-b", "--destroy"]);
    checkout.remove();
  });

  it("comes up, and tells where its workloads are reached", async () => {
    const { outputs } = await rehearse();
    assert.deepEqual(outputs.urls["parcels/api-http"], {
      urls: ["https://api.apps.site-b.example:30443/"],
      via: "gateway",
    });
  });

  it("has an authority in every webhook before anything relies on it", async () => {
    for (const name of ["istio-sidecar-injector-1-30-3", "istio-revision-tag-stable"]) {
      const { webhooks } = await object("mutatingwebhookconfiguration", name);
      for (const { clientConfig } of webhooks) assert.ok(clientConfig.caBundle, name);
    }
  });

  it("answers for its names with a certificate that its own authority signed", async () => {
    const read = async (namespace: string, name: string) => {
      const { data } = await object("secret", "-n", namespace, name);
      return new X509Certificate(Buffer.from(data["tls.crt"], "base64"));
    };
    const authority = await read("cert-manager", "site-authority");
    for (const namespace of ["istio-ingress", "traefik"]) {
      const certificate = await read(namespace, "site-wildcard");
      assert.ok(certificate.verify(authority.publicKey), namespace);
      assert.ok(certificate.checkHost("web.apps.site-b.example"), namespace);
    }
  });

  it("lets the strictest Pod security level stand for the product and the gateway", async () => {
    for (const name of ["parcels", "istio-ingress", "traefik", "cert-manager"]) {
      const { metadata } = await object("namespace", name);
      assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted", name);
    }
    const { items } = await object("pods", "-n", "istio-ingress");
    assert.equal(items.length, 1);
  });

  it("moves a workload out of the mesh, and all routes to the standby, by one field each", async () => {
    checkout.edit(site, (text) =>
      text
        .replace("httpsRedirect: false", "httpsRedirect: false, active: standby")
        .replace("api: {replicas: 1}", "api: {replicas: 1, mesh: false}"),
    );
    const { changes, outputs } = await rehearse();
    // The Deployment and three routes change, Grafana's among them; the port of `api` needs no exception any more.
    assert.deepEqual([changes.update, changes.delete, changes.create ?? 0], [4, 1, 0]);
    assert.equal(outputs.urls["parcels/api-http"].via, "standby");
    const { spec } = await object("virtualservice", "-n", "parcels", "api-http");
    assert.equal(spec.http[0].route[0].destination.host, "traefik.traefik.svc.cluster.local");
    const { items } = await object("pods", "-n", "parcels", "-l", "app.kubernetes.io/name=api");
    const labels = items.map(
      (pod: { metadata: { labels: Record<string, string> } }) =>
        pod.metadata.labels["sidecar.istio.io/inject"],
    );
    assert.ok(labels.includes("false"));
  });

  it("changes nothing in a second run", async () => {
    const preview = ["pulumi", "preview", "-s", "site-b", "--expect-no-changes"];
    succeeded(await checkout.run(["enter", "site-b", ...preview]));
  });
});
