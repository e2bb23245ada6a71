import assert from "node:assert/strict";
import { Logging } from "../../components/logging/logging";
import { LoggingSecrets } from "../../components/logging/secrets";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { workloadObjects } from "../../components/workload/objects";
import type { Blueprint } from "../../site/blueprint-types";
import { loggingBlueprint, outputs, secrets } from "../logging/site";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { sampleSite } from "../support/sites";
import { ControlPlane } from "./support/plugins/control-plane";
import { kindOf, StrictApi } from "./support/strict-api";

/**
 * Everything that logging makes, as a real API server sees it, down to the last field, and its Pods at the level of Pod
 * security of their namespaces: Filebeat's own allows everything, those of the product `restricted` as ever. That
 * entries arrive anywhere is not to be seen where no container runs; logging-filebeat.test.ts runs the program itself.
 */
describe("Logging on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;
  let api: StrictApi;

  before(async () => {
    plane = await ControlPlane.start(0);
    api = new StrictApi(plane);
    await api.define(["cert-manager", "istio", "traefik", "prometheus-operator"]);
  });

  after(async () => await plane?.stop());

  async function objectsOf(blueprint: Blueprint): Promise<readonly KubernetesObject[]> {
    const { logging } = blueprint.platform;
    assert.ok(logging);
    const given = Object.fromEntries(blueprint.secretNames.map((name) => [name, "a secret"]));
    const { seen } = await deploy(() => {
      const own = new LoggingSecrets("own", { logging, secrets: { ...given, ...secrets } });
      return new Logging("logging", { logging, secrets: own });
    });
    return [
      ...seen
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .map(({ type, inputs }) => ({ ...kindOf(type), ...inputs })),
      ...blueprint.workloads
        .filter(({ logs }) => logs.shipper !== undefined)
        .flatMap((workload) => workloadObjects(workload).map(({ object }) => object)),
    ];
  }

  const sites: Readonly<Record<string, () => Blueprint>> = {
    "to Kafka": () => loggingBlueprint(),
    "to an older Elasticsearch, with Metricbeat and a queue on disks": () =>
      loggingBlueprint((site) => {
        site.logging = {
          output: structuredClone(outputs.older),
          metricbeat: true,
          diskQueueGiB: 2,
          hostFiles: ["/var/log/messages"],
        };
      }),
    "to a store of the site's own": () =>
      loggingBlueprint((site) => {
        site.logging = { inSite: {}, metricbeat: true };
        site.certificates = {};
        site.ingress = { domain: "apps.site-t.example" };
      }),
    "to a store without certificates": () =>
      loggingBlueprint((site) => {
        site.logging = { inSite: { replicas: 1 } };
      }),
    "of the site of full size": () => withBundle(sampleSite("site-a")),
    "of the smallest site": () => withBundle(sampleSite("site-b")),
  };

  for (const [title, made] of Object.entries(sites)) {
    it(`takes every object of logs ${title}`, async () => {
      const blueprint = made();
      const { namespaces } = blueprint.platform;
      for (const { name, labels } of [...namespaces, ...blueprint.namespaces]) {
        const metadata = { name, labels };
        const path = "/api/v1/namespaces";
        await plane.api("POST", path, { metadata });
        await plane.api("PATCH", `${path}/${name}`, { metadata }, "application/merge-patch+json");
      }
      const objects = await objectsOf(blueprint);
      assert.ok(objects.some(({ kind }) => kind === "DaemonSet"));
      const found: string[] = [];
      for (const object of objects) found.push(...(await api.objections(object)));
      assert.deepEqual(found, []);
    });
  }

  it("refuses Filebeat's Pods in a namespace of the product", async () => {
    const objects = await objectsOf(loggingBlueprint());
    const filebeat = objects.find(({ kind }) => kind === "DaemonSet");
    assert.ok(filebeat);
    const moved = { ...filebeat, metadata: { ...filebeat.metadata, namespace: "parcels" } };
    assert.match((await api.objections(moved)).join(), /violates PodSecurity "restricted/);
  });
});
