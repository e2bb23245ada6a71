import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { MonitoringSecrets } from "../../components/monitoring/secrets";
import { Platform } from "../../components/platform";
import { projectRoot } from "../../site/load";
import { namedParts } from "../../site/platform/named-parts";
import { withBundle } from "../support/bundled-site";
import { deploy, type Seen } from "../support/deploy";
import { strayKeys } from "../support/settable-keys";
import { catalogue, sampleSite } from "../support/sites";
import { hostKeys } from "../support/steps";

const sites = ["site-a", "site-b"] as const;

/** The charts that a site installs, with the values that it gives them. */
async function chartsOf(name: (typeof sites)[number]): Promise<readonly Seen[]> {
  const blueprint = withBundle(sampleSite(name));
  const { platform } = blueprint;
  const secrets = Object.fromEntries(
    blueprint.secretNames.map((secret) => [secret, "https://a-secret.example.com/"]),
  );
  const source = { blueprint, hostKeys, secrets, eraseData: false };
  const { seen } = await deploy(() => {
    const monitoringSecrets = new MonitoringSecrets("monitoring-secrets");
    return new Platform("platform", { ...source, platform, monitoringSecrets });
  });
  const charts = seen.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
  const wanted = namedParts(platform)
    // KubeSphere's is Helm's own affair, and has a test beside its component.
    .filter(([name]) => name !== "tenancy")
    .flatMap(([, part]) => part.charts);
  assert.deepEqual(
    charts.map(chartName).sort(),
    wanted.map(({ chart }) => chart).sort(),
    "every chart of the blueprint is installed",
  );
  return charts;
}

/** The chart's own name, from the path that the bundle gives it. */
function chartName({ inputs }: Seen): string {
  return /charts\/([a-z-]+)\.tgz$/.exec(inputs.chart)?.[1] ?? "";
}

describe("The values of every chart", () => {
  for (const name of sites) {
    it(`of ${name} are keys that the real chart reads`, async () => {
      const charts = await chartsOf(name);
      const strays = charts.flatMap((chart) => {
        const version = catalogue.platform.charts[chartName(chart)]?.version ?? "";
        return strayKeys(chartName(chart), version, chart.inputs.values).map(
          (path) => `${chartName(chart)}: ${path}`,
        );
      });
      assert.deepEqual(strays, []);
    });
  }

  it("are found to be wrong when misspelt, unread, or put into a leaf", () => {
    const stray = (chart: string, values: object) =>
      strayKeys(chart, catalogue.platform.charts[chart]?.version ?? "", values);
    assert.deepEqual(stray("istiod", { replicaCout: 2 }), ["replicaCout"]);
    assert.deepEqual(stray("istiod", { replicaCount: { few: 2 } }), ["replicaCount.few"]);
    assert.deepEqual(stray("istiod", { resources: { limit: { cpu: "1" } } }), [
      "resources.limit.cpu",
    ]);
    assert.deepEqual(stray("rook-ceph-cluster", { kubeVersion: "1.33" }), ["kubeVersion"]);
    assert.deepEqual(stray("istiod", { tolerations: [{ key: "a" }], affinity: { any: 1 } }), []);
  });
});

describe("Charts of our own, for rehearsals without real ones", () => {
  const folder = join(projectRoot, "rehearsal/charts");

  for (const [chart, { version }] of Object.entries(catalogue.platform.charts)) {
    it(`have ${chart} in the catalogue's version`, () => {
      const file = join(folder, chart, "Chart.yaml");
      assert.ok(existsSync(file), `rehearsal/charts/${chart} is missing`);
      const given = parse(readFileSync(file, "utf8"));
      assert.equal(given.name, chart);
      assert.equal(given.version, version);
    });
  }

  it("are none that the catalogue does not know", () => {
    const known = Object.keys(catalogue.platform.charts);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !known.includes(name)),
      [],
    );
  });
});
