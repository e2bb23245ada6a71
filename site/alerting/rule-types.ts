/** Rules over figures, as plain data that Prometheus, Nightingale, documentation and tests are made from. */

export type Severity = "critical" | "warning" | "info";

/** What a rule looks at: machines and platform, what the product's workloads promise, what the product is for. */
export type Dimension = "system" | "service" | "business";

/** Rules that belong together: one PrometheusRule object. */
export interface RuleFile {
  /** Also the name of the object. */
  readonly name: string;
  readonly dimension: Dimension;
  readonly groups: readonly RuleGroup[];
}

export interface RuleGroup {
  /** Unlike every other of the site. */
  readonly name: string;
  /** Absent: as often as Prometheus looks at rules. */
  readonly intervalSeconds?: number;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** Keeps the value of an expression under a name of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AlertRule {
  /** Unlike every other of the site. */
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold before anybody is told. */
  readonly forSeconds: number;
  /** How long it stays after it held for the last time; absent: not at all. */
  readonly keepFiringForSeconds?: number;
  readonly severity: Severity;
  /** Team of the site's `alerts` that is told. */
  readonly team: string;
  /** Further labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** One line, with the alert's labels as Prometheus' templates take them. */
  readonly summary: string;
  /** What it means for people who use the site. */
  readonly description: string;
  /** What to do next, in steps. */
  readonly runbook: readonly string[];
}
