import { createHash } from "node:crypto";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import type { KubernetesObject } from "../support/kubernetes-object";
import { metadata, podLabels, selectorLabels } from "./labels";
import { configName, podMetadata, podSpec } from "./pod";
import { headlessName } from "./services";

/** Kubernetes objects of one workload, as plain data. */

/** Old revisions kept, so that a roll-back needs no registry and no operator's machine. */
const revisionHistoryLimit = 5;

/** The object that starts the workload's Pods. */
export function podsObject(workload: WorkloadBlueprint): KubernetesObject {
  switch (workload.kind) {
    case "Deployment":
      return deployment(workload);
    case "StatefulSet":
      return statefulSet(workload);
    case "DaemonSet":
      return daemonSet(workload);
    case "Job":
      return job(workload);
    case "CronJob":
      return cronJob(workload);
  }
}

/** The workload's environment; undefined when it has none. */
export function configMap(workload: WorkloadBlueprint) {
  if (Object.keys(workload.env).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(workload, configName(workload)),
    data: workload.env,
  };
}

export function deployment(workload: WorkloadBlueprint) {
  // Where each Pod needs a host of its own, a further one may have none: make room first.
  const rollingUpdate =
    workload.antiAffinity === "required"
      ? { maxSurge: 0, maxUnavailable: 1 }
      : { maxSurge: 1, maxUnavailable: 0 };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(workload),
    spec: {
      replicas: workload.replicas,
      revisionHistoryLimit,
      progressDeadlineSeconds: 300,
      strategy: { type: "RollingUpdate", rollingUpdate },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
    },
  };
}

export function statefulSet(workload: WorkloadBlueprint) {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadata(workload),
    spec: {
      replicas: workload.replicas,
      revisionHistoryLimit,
      serviceName: headlessName(workload),
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate" },
      // A smaller number of Pods, or none, never means that data goes.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
      volumeClaimTemplates: workload.claims.map(({ name, sizeGiB, storageClass }) => ({
        metadata: { name },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: `${sizeGiB}Gi` } },
          ...(storageClass !== undefined && { storageClassName: storageClass }),
        },
      })),
    },
  };
}

export function daemonSet(workload: WorkloadBlueprint) {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: metadata(workload),
    spec: {
      revisionHistoryLimit,
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
    },
  };
}

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
  const { schedule = "", timeZone } = workload;
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadata(workload),
    spec: {
      schedule,
      ...(timeZone !== undefined && { timeZone }),
      // A run that is still going is not joined by the next, and one missed for an hour waits for the next.
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: podLabels(workload) },
        spec: { ...jobSpec(workload), ttlSecondsAfterFinished: 86_400 },
      },
    },
  };
}

/** How many Pods a drain may take at once; undefined where a budget makes no sense. */
export function disruptionBudget(workload: WorkloadBlueprint) {
  if (workload.maxUnavailable === undefined) return undefined;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(workload),
    spec: {
      maxUnavailable: workload.maxUnavailable,
      selector: { matchLabels: selectorLabels(workload) },
    },
  };
}

function jobSpec(workload: WorkloadBlueprint) {
  return {
    backoffLimit: 2,
    activeDeadlineSeconds: 3600,
    template: {
      metadata: podMetadata(workload, configHash(workload)),
      spec: podSpec(workload, { restartPolicy: "Never" }),
    },
  };
}

function template(workload: WorkloadBlueprint) {
  return {
    metadata: podMetadata(workload, configHash(workload)),
    spec: podSpec(workload, { restartPolicy: "Always" }),
  };
}

/** Changes with the environment and with nothing else; undefined when there is none. */
function configHash({ env }: WorkloadBlueprint): string | undefined {
  const entries = Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return undefined;
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 16);
}
