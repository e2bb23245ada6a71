import assert from "node:assert/strict";
import { dashboardConfigMaps } from "../../components/monitoring/dashboards";
import { type Dashboard, datasourceUid } from "../../site/dashboards/dashboard-types";
import { gridColumns } from "../../site/dashboards/grid";
import { everySet, fewDashboards, fullDashboards, noDashboards } from "./sites";

/**
 * What Grafana would show wrongly without a word: panels without a source, on top of each other, or of variables and
 * dashboards that nobody has. Read from what Grafana reads, not from what it is made from.
 */

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
  readonly datasource?: { uid: string };
  readonly fieldConfig?: { defaults: { unit?: string } };
  readonly targets?: readonly { expr: string; refId: string; datasource?: { uid: string } }[];
  readonly links?: readonly { url: string }[];
}

interface GrafanaJson {
  readonly uid: string;
  readonly title: string;
  readonly links: readonly { url: string }[];
  readonly templating: { readonly list: readonly { name: string; query: { query: string } }[] };
  readonly panels: readonly GrafanaPanel[];
}

/** Series that Prometheus makes itself, of no job. */
const ownSeries = /\bALERTS\{/;

/** What an expression is asked of: a job, a namespace, or a name that rules record. */
const bounded = /\b(job|namespace)\s*=~?\s*"|[a-z_]+:[a-z_]+/;

function read(dashboards: readonly Dashboard[]): readonly GrafanaJson[] {
  return dashboardConfigMaps(dashboards).map(({ data }) =>
    JSON.parse(Object.values(data)[0] ?? ""),
  );
}

const overlap = (one: GrafanaPanel["gridPos"], other: GrafanaPanel["gridPos"]) =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

/** What is wrong with a set of dashboards, in words. */
function faults(set: readonly GrafanaJson[]): readonly string[] {
  const known = set.map(({ uid }) => `/d/${uid}`);
  const twice = known.filter((uid, at) => known.indexOf(uid) !== at);
  return [
    ...twice.map((uid) => `${uid} is there twice`),
    ...set.flatMap((dashboard) =>
      faultsOf(dashboard, known).map((fault) => `${dashboard.uid}: ${fault}`),
    ),
  ];
}

function faultsOf({ panels, links, templating }: GrafanaJson, known: readonly string[]) {
  const variables = templating.list.map(({ name }) => name);
  const ids = panels.map(({ id }) => id);
  const shown = panels.filter(({ type }) => type !== "row");
  const unresolved = [...links, ...shown.flatMap((panel) => panel.links ?? [])]
    .map(({ url }) => url)
    .filter((url) => !known.includes(url));
  const queries = [
    ...templating.list.map(({ name, query }) => ({ of: `variable ${name}`, text: query.query })),
    ...shown.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ of: title, text: expr })),
    ),
  ];
  return [
    ...unresolved.map((url) => `links to ${url}, which is not there`),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two panels have the id ${id}`),
    ...shown.flatMap(panelFaults),
    ...panels.flatMap((one, at) =>
      panels
        .slice(at + 1)
        .filter((other) => overlap(one.gridPos, other.gridPos))
        .map((other) => `${one.title} and ${other.title} overlap`),
    ),
    ...queries.flatMap(({ of, text }) => [
      ...[...text.matchAll(/\$\{?([A-Za-z_]+)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !variables.includes(name))
        .map((name) => `${of} uses $${name}, which is no variable`),
      ...(bounded.test(text) || ownSeries.test(text) ? [] : [`${of} asks everything: ${text}`]),
    ]),
  ];
}

function panelFaults(panel: GrafanaPanel): readonly string[] {
  const { title, description, datasource, gridPos, fieldConfig, targets = [] } = panel;
  const fault = (wrong: boolean, text: string) => (wrong ? [`${title || "a panel"} ${text}`] : []);
  const sources = [datasource, ...targets.map((target) => target.datasource)];
  const refs = targets.map(({ refId }) => refId);
  return [
    ...fault(title.trim() === "", "has no title"),
    ...fault((description ?? "").trim().length < 10, "has no description"),
    ...fault((fieldConfig?.defaults.unit ?? "") === "", "has no unit"),
    ...fault(targets.length === 0, "asks nothing"),
    ...fault(new Set(refs).size !== refs.length, "has two queries of one name"),
    ...fault(
      sources.some((source) => source?.uid !== datasourceUid),
      "asks another datasource",
    ),
    ...fault(gridPos.x < 0 || gridPos.x + gridPos.w > gridColumns, "is wider than the dashboard"),
    ...fault(gridPos.w <= 0 || gridPos.h <= 0, "has no size"),
  ];
}

describe("Dashboards", () => {
  for (const [name, set] of everySet()) {
    it(`of ${name} show what they say, where they say it`, () => {
      assert.deepEqual(faults(read(set)), []);
    });
  }

  it("are those of what the site has", () => {
    const uids = (set: readonly Dashboard[]) => set.map(({ uid }) => uid).sort();
    assert.deepEqual(uids(noDashboards()), []);
    assert.deepEqual(uids(fewDashboards()), [
      "site-control-plane",
      "site-harbor",
      "site-hosts",
      "site-monitoring",
      "site-overview",
      "site-workloads",
    ]);
    assert.deepEqual(uids(fullDashboards()), [
      "site-business",
      "site-ceph",
      "site-control-plane",
      "site-delivery",
      "site-edge",
      "site-harbor",
      "site-hosts",
      "site-logging",
      "site-mesh",
      "site-monitoring",
      "site-overview",
      "site-tracing",
      "site-windows",
      "site-workloads",
    ]);
  });

  it("ask the mesh for nothing where there is none", () => {
    const text = JSON.stringify(fewDashboards());
    assert.doesNotMatch(text, /istio_|argocd_|ceph_|haproxy_|traefik_|beat_|slo:|jaeger/);
  });

  it("are the same text for the same site, small enough for a ConfigMap, and found by Grafana's sidecar", () => {
    const first = dashboardConfigMaps(fullDashboards());
    assert.deepEqual(dashboardConfigMaps(fullDashboards()), first);
    for (const { metadata, data } of first) {
      assert.deepEqual(metadata.labels, { grafana_dashboard: "1" });
      assert.ok(metadata.annotations.grafana_folder.length > 0);
      assert.match(metadata.name, /^dashboard-[a-z-]{3,40}$/);
      assert.ok(Buffer.byteLength(JSON.stringify(data)) < 1024 * 1024);
    }
  });

  it("have no id of a Grafana's own and no version: both would differ from what is there", () => {
    for (const json of read(fullDashboards())) {
      assert.equal("id" in json && json.id !== null, false);
      assert.equal("version" in json, false);
    }
  });

  it("are found wrong when they are", () => {
    const [good] = read(fewDashboards());
    assert.ok(good);
    const spoiled = (change: (panel: GrafanaPanel) => object) => {
      const at = good.panels.findIndex(({ type }) => type !== "row");
      const panels = good.panels.map((panel, index) =>
        index === at ? { ...panel, ...change(panel) } : panel,
      );
      return faults([{ ...good, links: [], panels: panels.map((one) => ({ ...one, links: [] })) }]);
    };
    const expression = (text: string) => (panel: GrafanaPanel) => ({
      targets: panel.targets?.map((target) => ({ ...target, expr: text })),
    });
    assert.deepEqual(
      spoiled(() => ({})),
      [],
    );
    const cases: readonly (readonly [RegExp, (panel: GrafanaPanel) => object])[] = [
      [/has no title/, () => ({ title: " " })],
      [/has no description/, () => ({ description: "" })],
      [/has no unit/, () => ({ fieldConfig: { defaults: {} } })],
      [/asks another datasource/, () => ({ datasource: { uid: "other" } })],
      [/wider than the dashboard/, ({ gridPos }) => ({ gridPos: { ...gridPos, x: 23 } })],
      [/overlap/, ({ gridPos }) => ({ gridPos: { ...gridPos, h: 9 } })],
      [/two panels have the id/, () => ({ id: good.panels.at(-1)?.id })],
      [/uses \$workload, which is no variable/, expression('up{job="a",pod="$workload"}')],
      [/asks everything/, expression("sum(up)")],
    ];
    for (const [wanted, change] of cases) {
      assert.match(spoiled(change).join("\n"), wanted);
    }
    assert.match(faults([{ ...good }]).join("\n"), /links to \/d\/site-hosts, which is not there/);
    assert.match(faults([good, good]).join("\n"), /is there twice/);
  });
});
