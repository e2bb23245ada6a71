import type { Panel, PanelKind, Target, Threshold, Unit } from "./dashboard-types";

/** How panels of one kind are made, so that they look alike on every dashboard. */

type Query = readonly [expr: string, legend: string];
type Look = Partial<
  Pick<Panel, "thresholds" | "width" | "height" | "max" | "stacked" | "more" | "noValue">
>;

const size: Readonly<Record<PanelKind, Pick<Panel, "width" | "height">>> = {
  timeseries: { width: 12, height: 8 },
  stat: { width: 4, height: 4 },
  gauge: { width: 6, height: 6 },
  table: { width: 12, height: 8 },
  bar: { width: 12, height: 8 },
};

/** Makes panels of one kind, each of one unit and of as many queries as it shows. */
function maker(kind: PanelKind) {
  return (
    title: string,
    description: string,
    unit: Unit,
    queries: readonly Query[],
    look: Look = {},
  ): Panel => {
    const targets: readonly Target[] = queries.map(([expr, legend]) => ({ expr, legend }));
    return { title, description, kind, unit, targets, thresholds: [], ...size[kind], ...look };
  };
}

/** Lines over time. */
export const lines = maker("timeseries");

/** Shares of now as arcs, one each series. */
export const gauge = maker("gauge");

/** Values of now as bars beside each other. */
export const bars = maker("bar");

const stat = maker("stat");
const tabular = maker("table");

/** One number of now. */
export function number(
  title: string,
  description: string,
  unit: Unit,
  expr: string,
  look?: Look,
): Panel {
  return stat(title, description, unit, [[expr, ""]], look);
}

/** Series of now as lines of a table, with some of their labels. */
export function table(
  title: string,
  description: string,
  unit: Unit,
  expr: string,
  columns: Readonly<Record<string, string>>,
  look?: Look,
): Panel {
  return { ...tabular(title, description, unit, [[expr, ""]], look), columns };
}

/** Well at nought, badly from one on. */
export const noneIsWell: Look = {
  thresholds: [{ colour: "green" }, { from: 1, colour: "red" }],
  noValue: "0",
};

/** Badly at nought, well from one on. */
export const oneIsWell: Look = {
  thresholds: [{ colour: "red" }, { from: 1, colour: "green" }],
};

/** Badly below one, for shares that ought to be whole. */
export const wholeIsWell: Look = {
  thresholds: [{ colour: "red" }, { from: 0.9, colour: "yellow" }, { from: 1, colour: "green" }],
};

/** Shares of something that can become full. */
export const fullIsBad: Look = {
  thresholds: [{ colour: "green" }, { from: 0.75, colour: "yellow" }, { from: 0.9, colour: "red" }],
  max: 1,
};

const day = 24 * 3600;

/** Time left until something ends: badly below a week, worth a look below thirty days. */
export const timeLeft: readonly Threshold[] = [
  { colour: "red" },
  { from: 7 * day, colour: "yellow" },
  { from: 30 * day, colour: "green" },
];
