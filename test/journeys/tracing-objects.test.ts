import assert from "node:assert/strict";
import { Tracing } from "../../components/tracing/tracing";
import { deploy } from "../support/deploy";
import { blueprintOf, elasticsearch, tracedSite } from "../tracing/site";
import { at, ControlPlane } from "./support/plugins/control-plane";

/** Where objects of each kind that tracing makes are. */
const collections: Readonly<Record<string, readonly [api: string, plural: string]>> = {
  ConfigMap: ["/api/v1", "configmaps"],
  Secret: ["/api/v1", "secrets"],
  Service: ["/api/v1", "services"],
  Deployment: ["/apis/apps/v1", "deployments"],
  Job: ["/apis/batch/v1", "jobs"],
  CronJob: ["/apis/batch/v1", "cronjobs"],
  PodDisruptionBudget: ["/apis/policy/v1", "poddisruptionbudgets"],
  NetworkPolicy: ["/apis/networking.k8s.io/v1", "networkpolicies"],
};

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

  const refused = (answer: unknown, what: string): readonly string[] =>
    at(answer, "kind") === "Status" ? [`${what}: ${String(at(answer, "message"))}`] : [];

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
      const objections: string[] = [];
      let asked = 0;
      for (const { type, inputs } of seen.filter((one) => one.type.startsWith("kubernetes:"))) {
        const kind = type.slice(type.lastIndexOf(":") + 1);
        const [api = "", plural = ""] = collections[kind] ?? [];
        const { name, namespace } = inputs.metadata;
        const object = { ...inputs, kind, apiVersion: api.replace(/^\/apis?\//, "") };
        const query = "dryRun=All&fieldManager=journey&fieldValidation=Strict&force=true";
        const url = `${api}/namespaces/${namespace}/${plural}/${name}?${query}`;
        const answer = await plane.api("PATCH", url, object, "application/apply-patch+yaml");
        objections.push(...refused(answer, `${kind} ${name}`));
        asked++;
        const template =
          inputs.spec?.template ?? inputs.spec?.jobTemplate?.spec?.template ?? undefined;
        if (template === undefined) continue;
        const pod = {
          metadata: { ...template.metadata, name: `${name}-0`, namespace },
          spec: template.spec,
        };
        const pods = `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`;
        objections.push(...refused(await plane.api("POST", pods, pod), `Pod of ${kind} ${name}`));
      }
      assert.deepEqual(objections, []);
      assert.ok(asked >= 3, `${asked} objects`);
    });
  }
});
