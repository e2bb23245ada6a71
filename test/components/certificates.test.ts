import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Certificates } from "../../components/certificates/certificates";
import { checkAuthority } from "../../components/certificates/given-authority";
import { makeCertificate } from "../../rehearsal/operators/x509";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { roomySite } from "../support/platform-site";
import { resolve } from "../support/sites";

const pair = makeCertificate({ commonName: "customer", dnsNames: [], authority: true, days: 9 });
// The small site has one secret; a file may hold both.
const secrets = { sshPassword: `${pair.certificate}${pair.key}` };

async function deployed(certificatesKey: object) {
  const site = roomySite();
  site.certificates = certificatesKey;
  site.mesh = {};
  site.ingress = { domain: "apps.site-t.example", httpsRedirect: false };
  const { certificates } = withBundle(resolve(site)).platform;
  if (certificates === undefined) throw new Error("no certificates");
  return deploy(
    () => new Certificates("certificates", { certificates, secrets: pulumi.secret(secrets) }),
  );
}

const issuerType = "kubernetes:cert-manager.io/v1:ClusterIssuer";

describe("Certificates", () => {
  it("makes its chart, an authority that signs itself, its issuer and what it signs", async () => {
    const { seen, urns } = await deployed({});
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "certificates",
      "certificates-authority",
      "certificates-bootstrap-issuer",
      "certificates-cert-manager",
      "certificates-issuer",
      "certificates-istio-ingress-site-wildcard",
      "certificates-traefik-site-wildcard",
    ]);
    for (const urn of urns.slice(2)) assert.match(urn, /sitewright:certificates:Certificates\$/);
  });

  it("keeps a given authority as a secret, and then makes none", async () => {
    const authority = { certificateSecret: "sshPassword", keySecret: "sshPassword" };
    const { seen, one, secretInputs } = await deployed({ authority });
    assert.ok(!seen.some(({ name }) => name.endsWith("bootstrap-issuer")));
    const secret = one("kubernetes:core/v1:Secret");
    assert.equal(secret.inputs.type, "kubernetes.io/tls");
    const { sshPassword } = secrets;
    assert.deepEqual(secret.inputs.stringData, { "tls.crt": sshPassword, "tls.key": sshPassword });
    assert.deepEqual(secretInputs("certificates-authority"), ["stringData"]);
    assert.deepEqual(one(issuerType).inputs.spec, { ca: { secretName: "site-authority" } });
  });

  it("takes nothing for done before cert-manager says that it is ready", async () => {
    const { seen } = await deployed({});
    const resources = seen.filter(({ type }) => type.includes("cert-manager.io/v1"));
    assert.equal(resources.length, 5);
    for (const { inputs } of resources) {
      assert.equal(inputs.metadata.annotations["pulumi.com/waitFor"], "condition=Ready");
    }
  });

  it("asks the chart for neither definitions nor hooks, and for figures of expiry", async () => {
    const { one } = await deployed({});
    const { values, skipCrds } = one("kubernetes:helm.sh/v4:Chart").inputs;
    assert.equal(skipCrds, true);
    assert.equal(values.crds.enabled, false);
    assert.equal(values.startupapicheck.enabled, false);
    assert.deepEqual(values.prometheus, { enabled: true, servicemonitor: { enabled: false } });
    for (const component of [values, values.webhook, values.cainjector]) {
      assert.equal(component.replicaCount, 2);
      assert.ok(component.resources.limits.memory && component.affinity.podAntiAffinity);
    }
  });

  it("states lifetimes in hours, and what a key is for", async () => {
    const { seen } = await deployed({ lifetime: { days: 60, renewBeforeDays: 20 } });
    const spec = (name: string) => seen.find((one) => one.name === name)?.inputs.spec;
    const leaf = spec("certificates-traefik-site-wildcard");
    assert.deepEqual([leaf.duration, leaf.renewBefore], ["1440h0m0s", "480h0m0s"]);
    assert.equal(leaf.privateKey.rotationPolicy, "Always");
    assert.ok(leaf.usages.includes("server auth") && leaf.isCA === undefined);
    const authority = spec("certificates-authority");
    assert.equal(authority.isCA, true);
    assert.ok(authority.usages.includes("cert sign"));
    assert.equal(authority.privateKey.rotationPolicy, "Never");
  });
});

describe("A given authority", () => {
  const names = { certificateSecret: "caCertificate", keySecret: "caKey" };
  const wish = { commonName: "customer", dnsNames: [], days: 9 };
  const leaf = makeCertificate({ ...wish, authority: false });
  const cases = [
    ["text that is no certificate", "none", pair.key, /caCertificate must be a certificate in PEM/],
    ["a certificate that may not sign", leaf.certificate, leaf.key, /may sign others \(CA:TRUE\)/],
    ["text that is no key", pair.certificate, "none", /caKey must be a private key in PEM/],
    ["another certificate's key", pair.certificate, leaf.key, /caKey must be that of the cert/],
  ] as const;
  for (const [title, caCertificate, caKey, message] of cases) {
    it(`is refused for ${title}, before anything is installed`, () => {
      assert.throws(() => checkAuthority(names, { caCertificate, caKey }), message);
    });
  }

  it("is taken with its own key", () => {
    checkAuthority(names, { caCertificate: pair.certificate, caKey: pair.key });
  });
});
