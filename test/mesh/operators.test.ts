import assert from "node:assert/strict";
import type { KubeApi, KubeObject } from "../../rehearsal/kubekey/cluster/kube-api";
import { gatewayApi } from "../../rehearsal/operators/gateway-api";
import { istio } from "../../rehearsal/operators/istio";

const webhooks = (labels: Record<string, string>, caBundle?: string): KubeObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "hooks", labels },
  webhooks: ["a", "b"].map((name) => ({
    name,
    clientConfig: { service: { name: "istiod-1-30-3" }, ...(caBundle && { caBundle }) },
  })),
});

/** What the operator changes about an object, with these objects around it. */
async function changes(
  operator: typeof istio,
  object: KubeObject,
  around: Readonly<Record<string, object>> = {},
) {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the operator writes
  const patches: any[] = [];
  const api = {
    get: async (path: string) => around[path],
    patch: async (_path: string, patch: unknown) => patches.push(patch),
    patchStatus: async (_path: string, status: unknown) => patches.push({ status }),
  };
  await operator.look({ object, path: "/object" }, api as unknown as KubeApi);
  return patches;
}

const deployment = "/apis/apps/v1/namespaces/istio-system/deployments/istiod-1-30-3";
const running = { [deployment]: { status: { availableReplicas: 1 } } };

describe("The stand-in of istiod", () => {
  const ofRevision = { app: "sidecar-injector", "istio.io/rev": "1-30-3" };

  it("gives every webhook of its revision an authority, and keeps all else", async () => {
    const [patch] = await changes(istio, webhooks(ofRevision), running);
    assert.equal(patch.webhooks.length, 2);
    for (const { clientConfig } of patch.webhooks) {
      const certificate = Buffer.from(clientConfig.caBundle, "base64").toString();
      assert.match(certificate, /BEGIN CERTIFICATE/);
      assert.deepEqual(clientConfig.service, { name: "istiod-1-30-3" });
    }
  });

  it("does nothing before it runs, twice, or to the webhooks of others", async () => {
    assert.deepEqual(await changes(istio, webhooks(ofRevision)), []);
    assert.deepEqual(await changes(istio, webhooks(ofRevision, "there"), running), []);
    assert.deepEqual(await changes(istio, webhooks({ app: "other" }), running), []);
    const older = { ...ofRevision, "istio.io/rev": "1-29-0" };
    assert.deepEqual(await changes(istio, webhooks(older), running), []);
  });
});

describe("The stand-in of the Gateway API", () => {
  const object = (kind: string, spec: object): KubeObject => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name: "one" },
    spec,
  });
  const path = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/istio";
  const classes = { [path]: { spec: { controllerName: "istio.io/gateway-controller" } } };

  it("programs gateways of Istio's class", async () => {
    const gateway = object("Gateway", { gatewayClassName: "istio" });
    const [patch] = await changes(gatewayApi, gateway, classes);
    assert.deepEqual(
      patch.status.conditions.map(({ type, status }: Record<string, string>) => [type, status]),
      [
        ["Accepted", "True"],
        ["Programmed", "True"],
      ],
    );
  });

  it("leaves gateways and classes of others alone", async () => {
    const gateway = object("Gateway", { gatewayClassName: "other" });
    assert.deepEqual(await changes(gatewayApi, gateway, classes), []);
    const foreign = object("GatewayClass", { controllerName: "example.com/other" });
    assert.deepEqual(await changes(gatewayApi, foreign), []);
  });
});
