import assert from "node:assert/strict";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { Tracing } from "../../components/tracing/tracing";
import { deploy } from "../support/deploy";
import { blueprintOf, elasticsearch, tracedSite } from "../tracing/site";
import { at, ControlPlane } from "./support/plugins/control-plane";
import { kindOf, StrictApi } from "./support/strict-api";

/** Everything that tracing makes, as a real API server sees it, and its Pods in their namespace, which is `restricted`. */
describe("Tracing on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await ControlPlane.start(0);
    const { tracing } = blueprintOf(tracedSite()).platform;
    const [namespace] = tracing?.namespaces ?? [];
    assert.ok(namespace);
    const answer = await plane.api("POST", "/api/v1/namespaces", { metadata: namespace });
    assert.notEqual(at(answer, "kind"), "Status", JSON.stringify(answer));
  });
  after(async () => await plane?.stop());

  const ca = `-----BEGIN CERTIFICATE-----\n${Buffer.from("one certificate").toString("base64")}\n-----END CERTIFICATE-----\n`;
  const variants: readonly (readonly [title: string, tracing: object])[] = [
    ["Jaeger in memory", {}],
    ["Jaeger with Elasticsearch", { storage: { ...elasticsearch, ca } }],
    ["Zipkin in memory", { kind: "zipkin" }],
    ["Zipkin with Elasticsearch", { kind: "zipkin", storage: { ...elasticsearch, ca } }],
    ["SkyWalking", { kind: "skywalking", storage: { ...elasticsearch, ca } }],
  ];
  for (const [title, stated] of variants) {
    it(`takes every object and every Pod of ${title}`, async () => {
      const { tracing } = blueprintOf(tracedSite(stated)).platform;
      assert.ok(tracing);
      const secrets = { tracesPassword: "a password" };
      const { seen } = await deploy(() => new Tracing("tracing", { tracing, secrets }));
      const api = new StrictApi(plane);
      const objects = seen
        .filter((one) => one.type.startsWith("kubernetes:"))
        .map(({ type, inputs }): KubernetesObject => ({ ...kindOf(type), ...inputs }));
      const objections: string[] = [];
      for (const object of objects) objections.push(...(await api.objections(object)));
      assert.deepEqual(objections, []);
      assert.ok(objects.length >= 3, `${objects.length} objects`);
    });
  }
});
