import type {
  DashboardBuilder,
  DashboardLinkBuilder,
  QueryVariableBuilder,
  Threshold as SdkThreshold,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  type Dashboard,
  type DashboardVariable,
  datasourceUid,
  type Panel,
} from "../../site/dashboards/dashboard-types";
import { type PlacedPanel, placed } from "../../site/dashboards/grid";

/**
 * Grafana's own form of a dashboard. The library that makes it is loaded when the first dashboard is made, so that
 * sites without monitoring do not wait for it.
 */

const datasource = { type: "prometheus", uid: datasourceUid };

const library = () => ({
  dashboard:
    require("@grafana/grafana-foundation-sdk/dashboard") as typeof import("@grafana/grafana-foundation-sdk/dashboard"),
  common:
    require("@grafana/grafana-foundation-sdk/common") as typeof import("@grafana/grafana-foundation-sdk/common"),
  timeseries:
    require("@grafana/grafana-foundation-sdk/timeseries") as typeof import("@grafana/grafana-foundation-sdk/timeseries"),
  stat: require("@grafana/grafana-foundation-sdk/stat") as typeof import("@grafana/grafana-foundation-sdk/stat"),
  gauge:
    require("@grafana/grafana-foundation-sdk/gauge") as typeof import("@grafana/grafana-foundation-sdk/gauge"),
  bars: require("@grafana/grafana-foundation-sdk/bargauge") as typeof import("@grafana/grafana-foundation-sdk/bargauge"),
  table:
    require("@grafana/grafana-foundation-sdk/table") as typeof import("@grafana/grafana-foundation-sdk/table"),
  prometheus:
    require("@grafana/grafana-foundation-sdk/prometheus") as typeof import("@grafana/grafana-foundation-sdk/prometheus"),
});
type Library = ReturnType<typeof library>;

/** A dashboard as Grafana reads it from a file; the same text for the same dashboard. */
export function grafanaDashboard(one: Dashboard, titles: ReadonlyMap<string, string>): string {
  const sdk = library();
  const builder = new sdk.dashboard.DashboardBuilder(one.title)
    .uid(one.uid)
    .description(one.description)
    .tags(["sitewright"])
    // What stands in code would be overwritten at the next deployment.
    .readonly()
    .tooltip(sdk.dashboard.DashboardCursorSync.Crosshair)
    .timezone("browser")
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .variables(one.variables.map((variable) => queryVariable(sdk, variable)))
    .links(one.links.map((uid) => link(sdk, uid, titles)));
  addRows(sdk, builder, one, titles);
  return JSON.stringify(builder.build(), undefined, 1);
}

function addRows(
  sdk: Library,
  builder: DashboardBuilder,
  one: Dashboard,
  titles: ReadonlyMap<string, string>,
): void {
  const rows = placed(one);
  const panels = rows.reduce((sum, row) => sum + row.panels.length, 0);
  for (const [index, { row, place, panels: shown }] of rows.entries()) {
    builder.withRow(
      new sdk.dashboard.RowBuilder(row.title)
        .id(panels + index + 1)
        .gridPos({ x: place.x, y: place.y, w: place.width, h: place.height }),
    );
    for (const panel of shown) builder.withPanel(panelBuilder(sdk, panel, titles));
  }
}

function queryVariable(sdk: Library, variable: DashboardVariable): QueryVariableBuilder {
  const { name, label, of, valuesOf, part } = variable;
  const query = `label_values(${of}, ${valuesOf})`;
  const builder = new sdk.dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ query, refId: name })
    .definition(query)
    .refresh(sdk.dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.dashboard.VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    // Not the list of all values: hundreds of them would make a query of many kilobytes.
    .allValue(".+")
    .current({ text: "All", value: "$__all" });
  return part === undefined ? builder : builder.regex(`/^${part}$/`);
}

function link(
  sdk: Library,
  uid: string,
  titles: ReadonlyMap<string, string>,
): DashboardLinkBuilder {
  return new sdk.dashboard.DashboardLinkBuilder(titles.get(uid) ?? uid)
    .type(sdk.dashboard.DashboardLinkType.Link)
    .url(`/d/${uid}`)
    .icon("dashboard")
    .keepTime(true);
}

function panelBuilder(sdk: Library, placedPanel: PlacedPanel, titles: ReadonlyMap<string, string>) {
  const { panel, number, place } = placedPanel;
  const builder = ofKind(sdk, panel)
    .id(number)
    .title(panel.title)
    .description(panel.description)
    .datasource(datasource)
    .unit(panel.unit)
    .gridPos({ x: place.x, y: place.y, w: place.width, h: place.height })
    .targets(panel.targets.map((target, index) => query(sdk, panel, target, index)))
    .links(panel.more === undefined ? [] : [link(sdk, panel.more, titles)]);
  if (panel.thresholds.length > 0) {
    builder.thresholds(
      new sdk.dashboard.ThresholdsConfigBuilder()
        .mode(sdk.dashboard.ThresholdsMode.Absolute)
        .steps(panel.thresholds.map(step)),
    );
  }
  if (panel.max !== undefined) builder.min(0).max(panel.max);
  if (panel.noValue !== undefined) builder.noValue(panel.noValue);
  return builder;
}

function step({ from, colour }: Panel["thresholds"][number]): SdkThreshold {
  return { value: from ?? null, color: colour };
}

function query(
  sdk: Library,
  { kind }: Panel,
  { expr, legend }: Panel["targets"][number],
  index: number,
) {
  const builder = new sdk.prometheus.DataqueryBuilder()
    .datasource(datasource)
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .expr(expr)
    .legendFormat(legend === "" ? "__auto" : legend);
  if (kind === "timeseries") return builder.range();
  if (kind === "table") return builder.instant().format(sdk.prometheus.PromQueryFormat.Table);
  return builder.instant();
}

/** What only panels of one kind have. */
function ofKind(sdk: Library, panel: Panel) {
  const { common } = sdk;
  switch (panel.kind) {
    case "timeseries": {
      const builder = new sdk.timeseries.PanelBuilder()
        .lineWidth(1)
        .fillOpacity(panel.stacked ? 30 : 8)
        .showPoints(common.VisibilityMode.Never)
        .legend(
          new common.VizLegendOptionsBuilder()
            .showLegend(true)
            .displayMode(common.LegendDisplayMode.List)
            .placement(common.LegendPlacement.Bottom),
        );
      if (panel.stacked) {
        builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
      }
      return builder;
    }
    case "stat":
      return new sdk.stat.PanelBuilder()
        .colorMode(common.BigValueColorMode.Background)
        .graphMode(common.BigValueGraphMode.None)
        .reduceOptions(lastValue(sdk));
    case "gauge":
      return new sdk.gauge.PanelBuilder().reduceOptions(lastValue(sdk));
    case "bar":
      return new sdk.bars.PanelBuilder()
        .orientation(common.VizOrientation.Horizontal)
        .displayMode(common.BarGaugeDisplayMode.Basic)
        .reduceOptions(lastValue(sdk));
    case "table":
      return new sdk.table.PanelBuilder().transformations([onlyColumns(panel)]);
  }
}

function lastValue({ common }: Library) {
  return new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false);
}

/** The labels that a table shows, in order and under their titles; the value last. */
function onlyColumns({ columns = {}, kind }: Panel) {
  const names = [...Object.keys(columns), "Value"];
  return {
    id: "organize",
    options: {
      includeByName: Object.fromEntries(names.map((name) => [name, true])),
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      renameByName: kind === "table" ? columns : {},
    },
  };
}
