/** Dashboards as plain data, which Grafana's, Nightingale's and tests are made from. */

/** `uid` of the one datasource, in every Grafana of ours. */
export const datasourceUid = "prometheus";

/** What figures count, as Grafana names it; `percentunit` is a share from 0 to 1. */
export type Unit =
  | "short"
  | "none"
  | "percentunit"
  | "bytes"
  | "Bps"
  | "s"
  | "ms"
  | "reqps"
  | "ops"
  | "dtdurations"
  | "bool_on_off";

export interface Dashboard {
  /** Unlike every other of the site, and the same at every site: addresses and links are made of it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly folder: string;
  readonly variables: readonly DashboardVariable[];
  readonly rows: readonly PanelRow[];
  /** Uids of dashboards that are offered at the top. */
  readonly links: readonly string[];
}

/** What the reader chooses: values of a label, one or several of them. */
export interface DashboardVariable {
  readonly name: string;
  readonly label: string;
  /** Series whose label is offered. */
  readonly of: string;
  readonly valuesOf: string;
  /** Regular expression whose first group is offered instead of the whole value. */
  readonly part?: string;
}

export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export type PanelKind = "timeseries" | "stat" | "gauge" | "table" | "bar";

export interface Panel {
  readonly title: string;
  /** What it means, and when to worry. */
  readonly description: string;
  readonly kind: PanelKind;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** Ascending; below the first everything is well, or badly where the first says so. */
  readonly thresholds: readonly Threshold[];
  /** Columns of 24. */
  readonly width: number;
  /** Grid rows; one is about 30 pixels. */
  readonly height: number;
  readonly max?: number;
  /** Labels whose values a table shows, with the titles of their columns; the value comes last. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Whether series stand on each other. */
  readonly stacked?: boolean;
  /** Uid of the dashboard that tells more. */
  readonly more?: string;
  /** Shown where no series is there: for counts, whose none is good. */
  readonly noValue?: string;
}

export interface Target {
  /** PromQL. */
  readonly expr: string;
  /** Name of a series, with its labels as `{{label}}`. */
  readonly legend: string;
}

export interface Threshold {
  /** Absent on the first: from the lowest value on. */
  readonly from?: number;
  readonly colour: "green" | "yellow" | "orange" | "red" | "blue";
}

/** Where a panel stands: columns of 24 from the left, grid rows from the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
