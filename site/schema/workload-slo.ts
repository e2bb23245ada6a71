import { z } from "zod";
import { list, nameField, text, whole } from "./fields";

/** What a workload promises to those who use it, and how that is counted. */

/** Bounds of the mesh's histogram of durations that an objective may name, in milliseconds. */
export const latencyBounds = [
  1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
] as const;

const objectiveNeeded = "per cent: a number from 50 to 99.999";

const common = {
  objectivePercent: z
    .number({ error: objectiveNeeded })
    .min(50, { error: objectiveNeeded })
    .max(99.999, { error: objectiveNeeded })
    .describe("Part of the requests that must be good; the rest is the error budget."),
  windowDays: whole(1, 90, "days")
    .default(30)
    .describe("Days over which it must hold; figures must be kept as long."),
  fewestFailures: whole(1, 100_000, "failures")
    .default(5)
    .describe(
      "Failures within the longer of an alert's two times below which nobody is told, so that a few at night do not wake anybody.",
    ),
};

const availability = z.strictObject({
  kind: z
    .literal("availability")
    .describe(
      "Requests that are answered without a fault of the service, as the mesh counts them.",
    ),
  ...common,
});

const boundNeeded = `milliseconds that the mesh counts by: ${latencyBounds.join(", ")}`;

const latency = z.strictObject({
  kind: z
    .literal("latency")
    .describe("Requests that are answered in time, as the mesh counts them."),
  thresholdMilliseconds: z
    .number({ error: boundNeeded })
    .refine((bound) => latencyBounds.some((one) => one === bound), { error: boundNeeded })
    .describe("Time within which an answer is good."),
  ...common,
});

/** PromQL as people write it; its brackets are looked at by a cross-check. */
export const promqlField = text(/^[\s\S]{1,4000}$/, "an expression of PromQL").refine(
  (written) => written.trim() !== "",
  { error: "an expression of PromQL" },
);

const ratio = z.strictObject({
  kind: z.literal("ratio").describe("Events that the workload, or somebody else, counts."),
  good: promqlField.describe(
    'Good events a second, one series: `sum(rate(orders_total{result="done"}[5m]))`.',
  ),
  total: promqlField.describe("All events a second, one series."),
  ...common,
});

export const sloField = z
  .record(
    nameField,
    z.discriminatedUnion("kind", [availability, latency, ratio], {
      error: "a kind: availability, latency or ratio",
    }),
    { error: "an object of name and objective" },
  )
  .default({})
  .describe("Objectives by name; alerts tell when an error budget is spent too fast.");

/** What somebody does next, step by step. */
export const runbookField = list(text(/^[^\r\n]{1,500}$/, "a step of one line"), 20, "steps").min(
  1,
  {
    error: "at least one step",
  },
);

export type Objective = z.output<typeof sloField>[string];
