import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { Logging } from "../../components/logging/logging";
import { LoggingSecrets } from "../../components/logging/secrets";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { workloadObjects } from "../../components/workload/objects";
import { definitionTexts } from "../../rehearsal/bundle/definitions";
import type { Blueprint } from "../../site/blueprint-types";
import { type Any, loggingBlueprint, outputs, secrets } from "../logging/site";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { catalogue, sampleSite } from "../support/sites";
import { at, ControlPlane } from "./support/plugins/control-plane";

const root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/**
 * Everything that logging makes, as a real API server sees it, down to the last field, and its Pods at the level of Pod
 * security of their namespaces: Filebeat's own allows everything, those of the product `restricted` as ever. That
 * entries arrive anywhere is not to be seen where no container runs; logging-filebeat.test.ts runs the program itself.
 */
describe("Logging on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;
  const plurals = new Map<string, { readonly name: string; readonly namespaced: boolean }>();

  before(async () => {
    plane = await ControlPlane.start(0);
    const crds = process.env.SITEWRIGHT_CRDS || undefined;
    const texts = definitionTexts(catalogue.crds, crds, () => {});
    for (const set of ["cert-manager", "istio", "traefik", "prometheus-operator"]) {
      for (const document of parseAllDocuments(texts.get(set) ?? "")) {
        const answer = await plane.api("POST", root, document.toJS());
        assert.notEqual(at(answer, "status"), "Failure", JSON.stringify(answer).slice(0, 500));
      }
    }
    for (const end = Date.now() + 60_000; !(await established()); ) {
      assert.ok(Date.now() < end, "every definition is established within a minute");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });

  after(async () => await plane?.stop());

  async function established(): Promise<boolean> {
    const { items } = (await plane.api("GET", root)) as { items: readonly object[] };
    const all = items.map((one) => at(one, "status.conditions") as { type: string }[] | undefined);
    return all.every((conditions) => conditions?.some(({ type }) => type === "Established"));
  }

  /** Where objects of a kind are, as the API server says. */
  async function collectionOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    for (const end = Date.now() + 20_000; !plurals.has(`${apiVersion}/${kind}`); ) {
      const { resources = [] } = (await plane.api("GET", group)) as {
        resources?: readonly { name: string; kind: string; namespaced: boolean }[];
      };
      for (const one of resources.filter(({ name }) => !name.includes("/"))) {
        plurals.set(`${apiVersion}/${one.kind}`, one);
      }
      assert.ok(Date.now() < end, `${apiVersion} has ${kind}`);
    }
    const plural = plurals.get(`${apiVersion}/${kind}`);
    assert.ok(plural);
    return `${group}${plural.namespaced ? `/namespaces/${metadata.namespace}` : ""}/${plural.name}`;
  }

  const saidNo = (answer: unknown, what: string): readonly string[] =>
    at(answer, "kind") === "Status" ? [`${what}: ${String(at(answer, "message"))}`] : [];

  /** What the API server has against an object, and against a Pod as its controller would make it. */
  async function objections(object: KubernetesObject): Promise<readonly string[]> {
    const query = "dryRun=All&fieldManager=journey&fieldValidation=Strict&force=true";
    const what = `${object.kind} ${object.metadata.name}`;
    const url = `${await collectionOf(object)}/${object.metadata.name}?${query}`;
    const answer = await plane.api("PATCH", url, object, "application/apply-patch+yaml");
    const template: Any =
      at(object, "spec.template") ?? at(object, "spec.jobTemplate.spec.template");
    if (template === undefined) return saidNo(answer, what);
    const { serviceAccountName: _made, ...spec } = template.spec;
    const { namespace, name } = object.metadata;
    const claims = (at(object, "spec.volumeClaimTemplates") ?? []) as KubernetesObject[];
    const volumes = claims.map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}-0` },
    }));
    const pod = {
      metadata: { ...template.metadata, name: `${name}-0`, namespace },
      spec: { ...spec, volumes: [...(spec.volumes ?? []), ...volumes] },
    };
    const pods = `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`;
    return [
      ...saidNo(answer, what),
      ...saidNo(await plane.api("POST", pods, pod), `Pod of ${what}`),
    ];
  }

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
      for (const object of objects) found.push(...(await objections(object)));
      assert.deepEqual(found, []);
    });
  }

  it("refuses Filebeat's Pods in a namespace of the product", async () => {
    const objects = await objectsOf(loggingBlueprint());
    const filebeat = objects.find(({ kind }) => kind === "DaemonSet");
    assert.ok(filebeat);
    const moved = { ...filebeat, metadata: { ...filebeat.metadata, namespace: "parcels" } };
    assert.match((await objections(moved)).join(), /violates PodSecurity "restricted/);
  });
});

/** `kubernetes:apps/v1:DaemonSet`, as objects say it. */
function kindOf(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, group = "", kind = ""] = type.split(":");
  return { apiVersion: group.replace(/^core\//, ""), kind };
}
