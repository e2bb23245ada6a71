import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { sidecarScope } from "../../components/mesh/members";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { workloadObjects } from "../../components/workload/objects";
import { sharedClaim } from "../../components/workload/volumes";
import { definitionTexts } from "../../rehearsal/bundle/definitions";
import type { Blueprint } from "../../site/blueprint-types";
import { loadCatalogue } from "../../site/catalogue";
import { projectRoot } from "../../site/load";
import { anyRelease, roomySecrets, roomySite } from "../support/any-release";
import { releaseBlueprint, releaseProblems } from "../support/releases";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

/** Releases looked at; always the same ones. */
const releases = 60;
const seed = 20_261_121;

const site = {
  ...roomySite(),
  certificates: {},
  mesh: { mode: "sidecar" },
  ingress: { domain: "apps.site-t.example", httpsRedirect: false },
};

/**
 * Whatever a release may state, a real API server takes all that is made of it, down to the last field, and its
 * Pods at the level of Pod security that their namespace has. With SITEWRIGHT_CRDS its custom resources too.
 */
describe("Generated releases on a real API server", function () {
  this.timeout(300_000);
  const suite = onCluster(0);
  const collections = new Map<string, string>();

  /** Where objects of a kind are, as the API server says. */
  async function collection({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!collections.has(`${apiVersion}/${kind}`)) {
      const list = (await suite.plane.api("GET", group)) as {
        resources: { name: string; kind: string }[];
      };
      for (const one of list.resources) {
        if (!one.name.includes("/")) collections.set(`${apiVersion}/${one.kind}`, one.name);
      }
    }
    const plural = collections.get(`${apiVersion}/${kind}`);
    assert.ok(plural, `${apiVersion} has ${kind}`);
    return `${group}/namespaces/${metadata.namespace}/${plural}`;
  }

  /** What the API server has against an object; nothing when it takes it. */
  async function objection(object: KubernetesObject): Promise<readonly string[]> {
    const path = `${await collection(object)}/${object.metadata.name}`;
    const query = "dryRun=All&fieldManager=journey&fieldValidation=Strict&force=true";
    const answer = await suite.plane.api(
      ...(["PATCH", `${path}?${query}`, object, "application/apply-patch+yaml"] as const),
    );
    return saidNo(answer, `${object.kind} ${object.metadata.name}`);
  }

  /** What it has against a Pod as a controller would make it. */
  async function podObjection(object: KubernetesObject): Promise<readonly string[]> {
    const template = at(object, "spec.template") ?? at(object, "spec.jobTemplate.spec.template");
    if (template === undefined) return [];
    const { namespace, name } = object.metadata;
    const { serviceAccountName: _made, ...spec } = at(template, "spec") as Record<string, unknown>;
    const labels = at(template, "metadata.labels");
    // Volumes of claims of its own are what the StatefulSet's controller adds.
    const claims = (at(object, "spec.volumeClaimTemplates") ?? []) as KubernetesObject[];
    const volumes = [
      ...(spec.volumes as object[]),
      ...claims.map(({ metadata: { name: claim } }) => ({
        name: claim,
        persistentVolumeClaim: { claimName: `${claim}-${name}-0` },
      })),
    ];
    const metadata = { name: `${name}-0`, namespace, labels };
    const pod = { metadata, spec: { ...spec, volumes } };
    const path = `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`;
    return saidNo(await suite.plane.api("POST", path, pod), `Pod of ${object.kind} ${name}`);
  }

  async function prepare({ namespaces }: Blueprint): Promise<void> {
    const folder = process.env.SITEWRIGHT_CRDS;
    const texts = definitionTexts(loadCatalogue(projectRoot).crds, folder, () => {});
    const served: string[] = [];
    for (const set of ["istio", "traefik"]) {
      for (const document of parseAllDocuments(texts.get(set) ?? "")) {
        const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        const definition = document.toJS();
        const made = await suite.plane.api("POST", path, definition);
        for (const version of definition.spec.versions) {
          served.push(`${definition.spec.group}/${version.name}`);
        }
        assert.deepEqual(saidNo(made, set), []);
      }
    }
    for (const { name, labels } of namespaces) {
      await suite.plane.api("POST", "/api/v1/namespaces", { metadata: { name, labels } });
      // The controller makes it a moment later; Pods are refused until then.
      const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
      await until(async () => at(await suite.plane.api("GET", account), "kind") !== "Status");
    }
    await until(async () => {
      const { groups } = (await suite.plane.api("GET", "/apis")) as {
        groups: { versions: { groupVersion: string }[] }[];
      };
      const known = groups.flatMap(({ versions }) => versions.map((one) => one.groupVersion));
      return served.every((one) => known.includes(one));
    });
  }

  it("are taken, every object and every Pod", async () => {
    const blueprints = fc.sample(anyRelease(true), { numRuns: releases, seed }).map((release) => {
      assert.deepEqual(releaseProblems(release, site, roomySecrets), []);
      return releaseBlueprint(release, site);
    });
    await prepare(blueprints[0] as Blueprint);
    const refused: string[] = [];
    let objects = 0;
    let pods = 0;
    for (const blueprint of blueprints) {
      const all = [
        ...blueprint.sharedVolumes.map(sharedClaim),
        ...blueprint.namespaces.map(sidecarScope).filter((one) => one !== undefined),
        ...blueprint.workloads.flatMap((one) => workloadObjects(one).map(({ object }) => object)),
      ];
      for (const object of all) {
        refused.push(...(await objection(object)), ...(await podObjection(object)));
        objects += 1;
        if (/^(Deployment|StatefulSet|DaemonSet|Job|CronJob)$/.test(object.kind)) pods += 1;
      }
    }
    assert.deepEqual([...new Set(refused)], []);
    assert.ok(objects > 5 * pods && pods > releases, `${objects} objects, ${pods} kinds of Pod`);
  });
});

function saidNo(answer: unknown, what: string): readonly string[] {
  const failed = at(answer, "kind") === "Status" && at(answer, "status") === "Failure";
  return failed ? [`${what}: ${String(at(answer, "message"))}`] : [];
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); ) {
    assert.ok(Date.now() < end, "it came within half a minute");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
