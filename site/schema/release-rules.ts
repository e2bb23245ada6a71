import { z } from "zod";
import { nameField, text, whole } from "./fields";
import { timeOfDayField, weekdaysField } from "./week-times";
import { promqlField, runbookField } from "./workload-slo";

/** What the product itself counts, and rules of its own over figures: the same for every site. */

/** Name of a series, as Prometheus takes it. */
const seriesNameField = text(
  /^[a-zA-Z_:][a-zA-Z0-9_:]{0,127}$/,
  "a name of a series such as orders_done_total",
);

/** Name of an alert. */
export const alertNameField = text(
  /^[A-Z][A-Za-z0-9]{2,79}$/,
  "a name of letters and digits that begins with a capital, such as OrdersStalled",
);

const line = text(/^[^\r\n]{1,500}$/, "a text of one line");

const labelsField = z.record(
  text(/^[a-z_][a-z0-9_]{0,62}$/, "a label of lower-case letters, digits and underscores"),
  line,
  { error: "an object of label and text" },
);

const caseSchema = z.strictObject({
  series: z
    .record(text(/^\S[^\r\n]{0,500}$/, "a series of one line"), line, {
      error: "an object of series and values",
    })
    .describe(
      'Values a minute, by series, as promtool writes them: `orders_total{workload="web"}: 0+10x60`.',
    ),
  minutes: whole(1, 100_000, "minutes").describe("When it is looked at."),
});

const testsNeeded = "fires and quiet, each with its series: when it fires, and when it does not";

export const releaseRuleSchema = z.strictObject({
  dimension: z
    .enum(["system", "service", "business"], { error: "system, service or business" })
    .default("business")
    .describe("What it looks at."),
  expr: promqlField.describe("Expression of PromQL; whatever it returns is an alert."),
  forMinutes: whole(0, 10_080, "minutes")
    .default(5)
    .describe("How long it must hold before anybody is told."),
  severity: z
    .enum(["critical", "warning", "info"], { error: "critical, warning or info" })
    .describe("How soon somebody has to act: now, within the day, or not at all."),
  team: nameField
    .optional()
    .describe("Team that is told. Default: `business`, `product` or `platform`, by the dimension."),
  labels: labelsField.default({}).describe("Further labels of the alert."),
  summary: line.describe(
    "What happened, in one line; `{{ $value }}` and `{{ $labels.… }}` are filled in.",
  ),
  description: line.describe("What it means for those who use the product."),
  runbook: runbookField.describe("What to do next, step by step."),
  tests: z
    .strictObject(
      {
        fires: caseSchema.describe("Figures at which it fires."),
        quiet: caseSchema.describe("Figures at which it does not."),
      },
      { error: testsNeeded },
    )
    .describe("That it does what it should, proven with every build."),
});

const expectedSchema = z.strictObject({
  atLeast: z
    .number({ error: "a number above zero" })
    .gt(0, { error: "a number above zero" })
    .describe(
      "Least that it grows by within `perMinutes`; of a gauge the least value, of a histogram events.",
    ),
  perMinutes: whole(5, 1440, "minutes").default(60).describe("Length of that time."),
  days: weekdaysField.describe("Days on which it is expected."),
  from: timeOfDayField.default("00:00").describe("From this time of the site's time zone on."),
  to: timeOfDayField
    .default("24:00")
    .describe("Until this time; after `from`. With summer time an hour at one end is left out."),
});

export const businessMetricSchema = z.strictObject({
  help: line.describe("What it counts."),
  unit: text(/^[a-z]{1,30}$/, "a unit such as parcels, seconds or bytes").describe(
    "What is counted, in the plural.",
  ),
  workload: nameField.describe("Workload of the release that shows it among its own figures."),
  kind: z
    .enum(["counter", "gauge", "histogram"], { error: "counter, gauge or histogram" })
    .describe("Whether it only grows, goes up and down, or is counted by size."),
  expected: expectedSchema
    .optional()
    .describe("What is usual; alerts tell when it stays out. Absent: anything is usual."),
  team: nameField.optional().describe("Team that is told. Default: `business`."),
});

export const releaseRulesField = z
  .record(alertNameField, releaseRuleSchema, { error: "an object of alert name and rule" })
  .default({})
  .describe("Rules of the product's own, by the names of their alerts.");

export const businessMetricsField = z
  .record(seriesNameField, businessMetricSchema, { error: "an object of series name and settings" })
  .default({})
  .describe("What the product counts of its own business, by the names of the series.");

export type ReleaseRule = z.output<typeof releaseRuleSchema>;
export type BusinessMetric = z.output<typeof businessMetricSchema>;
