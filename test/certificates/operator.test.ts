import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
  authorityIssuer,
  bootstrapIssuer,
  certificate,
} from "../../components/certificates/resources";
import type { KubeApi, KubeObject } from "../../rehearsal/kubekey/cluster/kube-api";
import { objectPath } from "../../rehearsal/kubekey/cluster/kube-api";
import { certManager } from "../../rehearsal/operators/cert-manager";
import { conditionsOf } from "../../rehearsal/operators/conditions";
import { makeCertificate } from "../../rehearsal/operators/x509";
import type { CertificateBlueprint } from "../../site/platform/certificates-types";

/** Enough of an API server for one operator: objects by their paths. */
function makeApi(objects: readonly KubeObject[]) {
  const running = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cert-manager", namespace: "cert-manager" },
    status: { availableReplicas: 1 },
  };
  const store = new Map<string, KubeObject>(
    [running, ...objects].map((object) => [objectPath(object), object]),
  );
  const api = {
    get: async (path: string) => store.get(path),
    apply: async (object: KubeObject) => {
      store.set(objectPath(object), object);
    },
    patchStatus: async (path: string, status: object) => {
      store.set(path, { ...(store.get(path) as KubeObject), status });
    },
  };
  return {
    look: async (object: KubeObject) => {
      const path = objectPath(object);
      await certManager.look(
        { object: { ...object, status: store.get(path)?.status }, path },
        api as unknown as KubeApi,
      );
      const found = store.get(path);
      return found === undefined ? undefined : conditionsOf(found)[0];
    },
    secret: (namespace: string, name: string) =>
      store.get(`/api/v1/namespaces/${namespace}/secrets/${name}`)?.data as
        | Record<string, string>
        | undefined,
  };
}

const wildcard: CertificateBlueprint = {
  name: "site-wildcard",
  namespace: "traefik",
  secretName: "site-wildcard",
  dnsNames: ["*.apps.example", "apps.example"],
  days: 90,
  renewBeforeDays: 30,
  authority: false,
  rotation: "Always",
  issuer: "site-authority",
};
const own: CertificateBlueprint = {
  ...wildcard,
  name: "site-authority",
  namespace: "cert-manager",
  secretName: "site-authority",
  commonName: "site-t authority",
  dnsNames: [],
  authority: true,
  issuer: "site-bootstrap",
};
const issuer = authorityIssuer({ issuer: "site-authority", authoritySecret: "site-authority" });
const bootstrap = bootstrapIssuer("site-bootstrap");
const secretWith = (certificate: string, key: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "site-authority", namespace: "cert-manager" },
  data: {
    "tls.crt": Buffer.from(certificate).toString("base64"),
    "tls.key": Buffer.from(key).toString("base64"),
  },
});

describe("The stand-in of cert-manager", () => {
  it("signs a whole chain that a client can follow", async () => {
    const objects = [bootstrap, certificate(own), issuer, certificate(wildcard)];
    const { look, secret } = makeApi(objects);
    for (const object of objects) assert.equal((await look(object))?.status, "True");
    const read = (name: string, namespace: string) =>
      new X509Certificate(
        Buffer.from(secret(namespace, name)?.["tls.crt"] ?? "", "base64").toString(),
      );
    const authority = read("site-authority", "cert-manager");
    const leaf = read("site-wildcard", "traefik");
    assert.ok(authority.ca && leaf.checkIssued(authority) && leaf.verify(authority.publicKey));
    assert.equal(leaf.checkHost("web.apps.example"), "*.apps.example");
    assert.equal(leaf.checkHost("web.other.example"), undefined);
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
    assert.equal(days, 90);
  });

  it("does not sign twice, and signs anew for other names", async () => {
    const objects = [bootstrap, certificate(own), issuer, certificate(wildcard)];
    const { look, secret } = makeApi(objects);
    for (const object of [...objects, certificate(wildcard)]) await look(object);
    const first = secret("traefik", "site-wildcard")?.["tls.crt"];
    await look(certificate(wildcard));
    assert.equal(secret("traefik", "site-wildcard")?.["tls.crt"], first);
    await look(certificate({ ...wildcard, dnsNames: ["*.apps.example"] }));
    assert.notEqual(secret("traefik", "site-wildcard")?.["tls.crt"], first);
  });

  it("waits for an issuer that is missing, in cert-manager's words", async () => {
    const condition = await makeApi([certificate(wildcard)]).look(certificate(wildcard));
    assert.equal(condition?.status, "False");
    assert.match(condition?.message ?? "", /Referenced "ClusterIssuer" not found/);
  });

  it("waits for an issuer that is not ready", async () => {
    const { look } = makeApi([issuer, certificate(wildcard)]);
    assert.equal(
      (await look(issuer))?.message,
      'Error getting keypair for CA issuer: secrets "site-authority" not found',
    );
    assert.equal(
      (await look(certificate(wildcard)))?.message,
      "Referenced issuer does not have a Ready status condition",
    );
  });

  it("takes no given authority that may not sign, or whose key is another's", async () => {
    const leaf = makeCertificate({ commonName: "a", dnsNames: ["a"], authority: false, days: 9 });
    const other = makeCertificate({ commonName: "b", dnsNames: [], authority: true, days: 9 });
    for (const [certificate, key, words] of [
      [leaf.certificate, leaf.key, /certificate is not a CA$/],
      [other.certificate, leaf.key, /private key does not match public key$/],
      ["nothing", leaf.key, /error decoding certificate PEM block$/],
    ] as const) {
      const condition = await makeApi([secretWith(certificate, key), issuer]).look(issuer);
      assert.equal(condition?.status, "False");
      assert.match(condition?.message ?? "", words);
    }
  });
});
