import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { Monitoring } from "../../components/monitoring/monitoring";
import { workloadMonitor } from "../../components/monitoring/monitors";
import { MonitoringSecrets } from "../../components/monitoring/secrets";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { definitionTexts } from "../../rehearsal/bundle/definitions";
import type { Blueprint } from "../../site/blueprint-types";
import { projectRoot } from "../../site/load";
import { blueprintOf, everything, secretNames } from "../monitoring/site";
import { withBundle } from "../support/bundled-site";
import { deploy, type Seen } from "../support/deploy";
import { catalogue, sampleSite } from "../support/sites";
import { at, ControlPlane } from "./support/plugins/control-plane";
import { program } from "./support/programs";

const root = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/**
 * Everything that monitoring makes, as a real API server sees it, down to the last field: what stands in its component,
 * and what the chart renders from its values. With SITEWRIGHT_CRDS the definitions are those of Prometheus' operator
 * itself, with SITEWRIGHT_CHARTS the chart is the real one (its folder, unpacked), else that of rehearsals.
 */
describe("Monitoring on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;
  const plurals = new Map<string, { readonly name: string; readonly namespaced: boolean }>();
  const folder = mkdtempSync(join(tmpdir(), "sitewright-monitoring-"));

  before(async () => {
    plane = await ControlPlane.start(0);
    const crds = process.env.SITEWRIGHT_CRDS || undefined;
    const texts = definitionTexts(catalogue.crds, crds, () => {});
    for (const set of ["prometheus-operator", "traefik", "cert-manager", "istio"]) {
      for (const document of parseAllDocuments(texts.get(set) ?? "")) {
        const answer = await plane.api("POST", root, document.toJS());
        assert.notEqual(at(answer, "status"), "Failure", JSON.stringify(answer).slice(0, 500));
      }
    }
    for (const name of ["monitoring", "parcels"]) {
      await plane.api("POST", "/api/v1/namespaces", { metadata: { name } });
    }
    for (const end = Date.now() + 60_000; !(await established()); ) {
      assert.ok(Date.now() < end, "every definition is established within a minute");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

  async function established(): Promise<boolean> {
    const { items } = (await plane.api("GET", root)) as { items: readonly object[] };
    const all = items.map((one) => at(one, "status.conditions") as { type: string }[] | undefined);
    return all.every((conditions) => conditions?.some(({ type }) => type === "Established"));
  }

  /** Where objects of a kind are, as the API server says. */
  async function pathOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
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
    const where = plural.namespaced ? `/namespaces/${metadata.namespace ?? "monitoring"}` : "";
    return `${group}${where}/${plural.name}/${metadata.name}`;
  }

  /** What the API server has against an object; nothing when it takes it. */
  async function objection(object: KubernetesObject): Promise<readonly string[]> {
    const query = "dryRun=All&fieldManager=journey&fieldValidation=Strict&force=true";
    const url = `${await pathOf(object)}?${query}`;
    const answer = await plane.api("PATCH", url, object, "application/apply-patch+yaml");
    return at(answer, "kind") === "Status"
      ? [`${object.kind} ${object.metadata.name}: ${String(at(answer, "message"))}`]
      : [];
  }

  /** What Helm makes of the values that the component gives. */
  function rendered({ inputs }: Seen): readonly KubernetesObject[] {
    const values = join(folder, "values.json");
    writeFileSync(values, JSON.stringify(inputs.values));
    const charts = process.env.SITEWRIGHT_CHARTS || join(projectRoot, "rehearsal/charts");
    const chart = join(charts, "kube-prometheus-stack");
    const args = ["template", inputs.name, chart, "--namespace", "monitoring", "--values", values];
    const text = execFileSync(
      program("helm"),
      [...args, "--skip-crds", "--kube-version", "1.33.4"],
      {
        encoding: "utf8",
        maxBuffer: 2 ** 26,
      },
    );
    return parseAllDocuments(text)
      .map((document) => document.toJS())
      .filter((one) => one?.kind !== undefined);
  }

  async function objectsOf(blueprint: Blueprint): Promise<readonly KubernetesObject[]> {
    const { monitoring } = blueprint.platform;
    assert.ok(monitoring);
    const names = [...secretNames, ...blueprint.secretNames];
    const secrets = Object.fromEntries(names.map((name) => [name, "https://secret.example/"]));
    const { seen } = await deploy(() => {
      const own = new MonitoringSecrets("own");
      return new Monitoring("monitoring", { monitoring, secrets, own });
    });
    const chart = seen.find(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
    assert.ok(chart);
    return [
      ...rendered(chart),
      ...seen
        .filter(({ type, name }) => type.startsWith("kubernetes:") && name !== chart.name)
        .map(({ type, inputs }) => ({ ...kindOf(type), ...inputs })),
      ...blueprint.workloads.map(workloadMonitor).filter((one) => one !== undefined),
    ];
  }

  const sites = {
    "with everything that can be stated": () => blueprintOf(everything),
    "without storage, ingress and certificates": () =>
      blueprintOf((site) => {
        for (const key of ["storage", "certificates", "ingress"]) delete site[key];
        site.monitoring = { sizeGiB: 40 };
      }),
    "of full size": () => withBundle(sampleSite("site-a")),
    "of the smallest size": () => withBundle(sampleSite("site-b")),
  };
  for (const [title, blueprint] of Object.entries(sites)) {
    it(`is taken, every object, at a site ${title}`, async () => {
      const objects = await objectsOf(blueprint());
      const refused: string[] = [];
      for (const object of objects) refused.push(...(await objection(object)));
      assert.deepEqual(refused, []);
      const kinds = new Set(objects.map(({ kind }) => kind));
      for (const kind of ["Prometheus", "Alertmanager", "PodMonitor", "Probe", "ServiceMonitor"]) {
        assert.ok(kinds.has(kind), kind);
      }
    });
  }
});

/** `kubernetes:apps/v1:Deployment`, and what belongs to no group under `core`. */
function kindOf(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, group = "", kind = ""] = type.split(":");
  return { apiVersion: group.replace(/^core\//, ""), kind };
}
