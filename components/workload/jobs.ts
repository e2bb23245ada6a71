import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { metadata, podLabels } from "./labels";
import { podMetadata, podSpec } from "./pod";

/** Workloads that end by themselves, as plain data. */

const concurrencyPolicies = { forbid: "Forbid", replace: "Replace", allow: "Allow" } as const;

/** Runs once for each version of itself: a Job cannot be changed, so a changed one takes the place of the last. */
export function job(workload: WorkloadBlueprint) {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(workload),
    spec: jobSpec(workload),
  };
}

export function cronJob(workload: WorkloadBlueprint) {
  const { schedule = "", timeZone, settings } = workload;
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadata(workload),
    spec: {
      schedule,
      ...(timeZone !== undefined && { timeZone }),
      concurrencyPolicy: concurrencyPolicies[settings.concurrency],
      startingDeadlineSeconds: settings.startingDeadlineSeconds,
      successfulJobsHistoryLimit: settings.successfulRunsKept,
      failedJobsHistoryLimit: settings.failedRunsKept,
      jobTemplate: {
        metadata: { labels: podLabels(workload) },
        spec: {
          ...jobSpec(workload),
          ttlSecondsAfterFinished: settings.keepFinishedSeconds,
        },
      },
    },
  };
}

function jobSpec(workload: WorkloadBlueprint) {
  const { backoffLimit, activeDeadlineSeconds } = workload.settings;
  return {
    backoffLimit,
    activeDeadlineSeconds,
    template: {
      metadata: podMetadata(workload),
      spec: podSpec(workload, { restartPolicy: "Never" }),
    },
  };
}
