import type { TraceCleaner, TracingBlueprint } from "../../site/platform/tracing-types";
import { cleanerScript } from "./cleaner-script";
import { labelsOf, podSpec, secretFolder } from "./program";

/** Removes traces that are older than they should be, once a night. */
export function cleanerObject(
  { namespace, nodeSelector, storage, retentionDays }: TracingBlueprint,
  { name, image, resources, schedule, timezone, indices }: TraceCleaner,
) {
  if (storage.kind === "memory") throw new Error("memory forgets by itself");
  const env = {
    URL: storage.url,
    DAYS: String(retentionDays),
    PREFIXES: indices.join(" "),
    CURL_OPTIONS: `${secretFolder}/curl`,
  };
  const program = { name, image, resources, replicas: 1, ports: [] };
  const start = { command: ["sh", "-c", cleanerScript], env, user: 100, readsSecret: true };
  const pod = podSpec({ namespace, nodeSelector }, program, start);
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace, labels: labelsOf(name) },
    spec: {
      schedule,
      timeZone: timezone,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 1800,
          template: {
            metadata: { labels: labelsOf(name) },
            spec: { ...pod, restartPolicy: "Never" },
          },
        },
      },
    },
  };
}
