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
import type { Blueprint } from "../../site/blueprint-types";
import { projectRoot } from "../../site/load";
import { blueprintOf, everything, secretNames } from "../monitoring/site";
import { withBundle } from "../support/bundled-site";
import { deploy, type Seen } from "../support/deploy";
import { sampleSite } from "../support/sites";
import { ControlPlane } from "./support/plugins/control-plane";
import { program } from "./support/programs";
import { kindOf, StrictApi } from "./support/strict-api";

/**
 * Everything that monitoring makes, as a real API server sees it, down to the last field: what stands in its component,
 * and what the chart renders from its values. With SITEWRIGHT_CRDS the definitions are those of Prometheus' operator
 * itself, with SITEWRIGHT_CHARTS the chart is the real one (its folder, unpacked), else that of rehearsals.
 */
describe("Monitoring on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;
  let api: StrictApi;
  const folder = mkdtempSync(join(tmpdir(), "sitewright-monitoring-"));

  before(async () => {
    plane = await ControlPlane.start(0);
    api = new StrictApi(plane, "monitoring");
    await api.define(["prometheus-operator", "traefik", "cert-manager", "istio"]);
    for (const name of ["monitoring", "parcels"]) {
      await plane.api("POST", "/api/v1/namespaces", { metadata: { name } });
    }
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await plane?.stop();
  });

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
      for (const object of objects) refused.push(...(await api.objections(object)));
      assert.deepEqual(refused, []);
      const kinds = new Set(objects.map(({ kind }) => kind));
      for (const kind of ["Prometheus", "Alertmanager", "PodMonitor", "Probe", "ServiceMonitor"]) {
        assert.ok(kinds.has(kind), kind);
      }
    });
  }
});
