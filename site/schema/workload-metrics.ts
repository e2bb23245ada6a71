import { z } from "zod";
import { list, text, whole } from "./fields";
import { portNameField } from "./workload-network";

/** What a workload shows of itself in Prometheus' format. */

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

const patternNeeded = "a regular expression over names of figures, such as go_gc_.*";

export const metricsField = z
  .strictObject({
    port: portNameField.describe("Name of one of the workload's `ports`."),
    path: text(/^\/[^\s#]{0,200}$/, "a path such as /metrics")
      .default("/metrics")
      .describe("Where the figures are."),
    scheme: z
      .enum(["http", "https"], { error: "http or https" })
      .default("http")
      .describe("Whether the workload itself speaks TLS there."),
    intervalSeconds: whole(5, 3600, "seconds")
      .default(30)
      .describe("Seconds between two readings."),
    maxSamples: whole(10, 1_000_000, "figures")
      .default(10_000)
      .describe(
        "Most figures of one Pod. Of a Pod that shows more none is kept: a label that takes ever new values would fill every site's disk.",
      ),
    drop: list(
      text(/^[a-zA-Z0-9_:.*+?|()[\]-]{1,200}$/, patternNeeded).refine(isPattern, {
        error: patternNeeded,
      }),
      50,
      "patterns",
    )
      .default([])
      .describe("Figures that are not kept, as regular expressions over their whole names."),
  })
  .optional()
  .describe(
    "Figures in Prometheus' format that every Pod shows; read at sites that have monitoring. Absent: none.",
  );

export type WorkloadMetrics = NonNullable<z.output<typeof metricsField>>;
