import type {
  Dashboard,
  DashboardVariable,
  Panel,
  PanelKind,
  Threshold,
  Unit,
} from "../../../site/dashboards/dashboard-types";
import type { BoardBody } from "./configuration-types";

/** Dashboards as Nightingale draws them. */

/** Name of its variable for the datasource, which every board has first. */
const source = "prom";

const kinds: Readonly<Record<PanelKind, string>> = {
  timeseries: "timeseries",
  stat: "stat",
  gauge: "gauge",
  table: "table",
  bar: "barGauge",
};

const units: Readonly<Record<Unit, string>> = {
  short: "none",
  none: "none",
  percentunit: "percentUnit",
  bytes: "bytesIEC",
  Bps: "bytesSecIEC",
  s: "seconds",
  ms: "milliseconds",
  reqps: "reqps",
  ops: "ops",
  dtdurations: "humantimeSeconds",
  bool_on_off: "none",
};

const colours: Readonly<Record<Threshold["colour"], string>> = {
  green: "#3FC453",
  yellow: "#FADE2A",
  orange: "#FF9919",
  red: "#F2495C",
  blue: "#5794F2",
};

/** Every board has this tag. */
export const ownBoardTag = "sitewright";

export function boardBodies(all: readonly Dashboard[]): readonly BoardBody[] {
  return all.map((dashboard) => ({
    name: dashboard.title,
    ident: dashboard.uid,
    tags: `${ownBoardTag} ${dashboard.folder}`,
    note: dashboard.description,
    configs: JSON.stringify(configsOf(dashboard, all)),
  }));
}

function configsOf({ variables, rows, links }: Dashboard, all: readonly Dashboard[]) {
  return {
    version: "3.0.0",
    links: links.flatMap((uid) =>
      all
        .filter((one) => one.uid === uid)
        .map(({ title }) => ({ title, url: `/dashboards/${uid}`, targetBlank: false })),
    ),
    var: [
      { name: source, label: "Prometheus", type: "datasource", definition: "prometheus" },
      ...variables.map(variable),
    ],
    panels: placed(rows),
  };
}

function variable({ name, label, of, valuesOf, part }: DashboardVariable) {
  return {
    name,
    label,
    type: "query",
    datasource: { cate: "prometheus", value: `\${${source}}` },
    definition: `label_values(${of}, ${valuesOf})`,
    ...(part !== undefined && { reg: `/${part}/` }),
    multi: true,
    allOption: true,
    allValue: ".*",
  };
}

/** Panels in rows of 24 columns, each row below a line with its title. */
function placed(rows: Dashboard["rows"]) {
  const panels: object[] = [];
  let y = 0;
  rows.forEach(({ title, panels: inRow }, row) => {
    const id = `row-${row}`;
    panels.push({
      type: "row",
      id,
      name: title,
      collapsed: true,
      layout: { h: 1, w: 24, x: 0, y, i: id, isResizable: false },
    });
    y += 1;
    let x = 0;
    let highest = 0;
    inRow.forEach((panel, at) => {
      if (x + panel.width > 24) {
        y += highest;
        x = 0;
        highest = 0;
      }
      panels.push(drawn(panel, `panel-${row}-${at}`, x, y));
      x += panel.width;
      highest = Math.max(highest, panel.height);
    });
    y += highest;
  });
  return panels;
}

function drawn(panel: Panel, id: string, x: number, y: number) {
  const { kind, targets, thresholds, unit, max, columns } = panel;
  const series = kind === "timeseries";
  return {
    type: kinds[kind],
    id,
    version: "3.0.0",
    name: panel.title,
    description: panel.description,
    layout: { h: panel.height, w: panel.width, x, y, i: id, isResizable: true },
    datasourceCate: "prometheus",
    datasourceValue: `\${${source}}`,
    maxPerRow: 4,
    targets: targets.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      expr,
      legend,
      ...(!series && { instant: true }),
    })),
    options: {
      standardOptions: { util: units[unit], ...(max !== undefined && { max }) },
      thresholds: {
        mode: "absolute",
        steps: thresholds.map(({ from, colour }) =>
          from === undefined
            ? { color: colours[colour], type: "base", value: null }
            : { color: colours[colour], value: from },
        ),
      },
      ...(series && {
        tooltip: { mode: "all", sort: "desc" },
        legend: { displayMode: "list", placement: "bottom" },
      }),
    },
    custom: customOf(panel),
    ...(columns !== undefined && {
      transformations: [
        { id: "organize", options: { renameByName: { ...columns, value: panel.title } } },
      ],
    }),
  };
}

function customOf({ kind, stacked = false, columns }: Panel) {
  switch (kind) {
    case "timeseries":
      return {
        drawStyle: "lines",
        lineInterpolation: "linear",
        lineWidth: 1,
        fillOpacity: stacked ? 0.4 : 0.1,
        // The word that its pages know.
        stack: stacked ? "noraml" : "off",
      };
    case "table":
      return {
        showHeader: true,
        calc: "lastNotNull",
        displayMode: "labelsOfSeriesToRows",
        columns: [...Object.keys(columns ?? {}), "value"],
      };
    case "stat":
      return { textMode: "valueAndName", colorMode: "value", calc: "lastNotNull", colSpan: 0 };
    default:
      return { calc: "lastNotNull", textMode: "valueAndName" };
  }
}
