import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import type { KubernetesObject } from "../support/kubernetes-object";
import { cronJob, job } from "./jobs";
import { metadata, selectorLabels } from "./labels";
import { podMetadata, podSpec } from "./pod";
import { headlessName, unawaited } from "./services";
import { claimTemplates } from "./volumes";

/** Kubernetes objects of one workload, as plain data. */

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

export function deployment(workload: WorkloadBlueprint) {
  const { settings } = workload;
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
      revisionHistoryLimit: settings.revisionHistoryLimit,
      progressDeadlineSeconds: settings.progressDeadlineSeconds,
      strategy:
        settings.updateStrategy === "recreate"
          ? { type: "Recreate" }
          : { type: "RollingUpdate", rollingUpdate },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
    },
  };
}

export function statefulSet(workload: WorkloadBlueprint) {
  const { settings } = workload;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadata(workload),
    spec: {
      replicas: workload.replicas,
      revisionHistoryLimit: settings.revisionHistoryLimit,
      serviceName: headlessName(workload),
      podManagementPolicy: settings.podManagement === "parallel" ? "Parallel" : "OrderedReady",
      updateStrategy: {
        type: settings.updateStrategy === "onDelete" ? "OnDelete" : "RollingUpdate",
      },
      // A smaller number of Pods, or none, never means that data goes.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
      volumeClaimTemplates: claimTemplates(workload),
    },
  };
}

export function daemonSet(workload: WorkloadBlueprint) {
  const { settings } = workload;
  const onDelete = settings.updateStrategy === "onDelete";
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    // Nobody deletes old Pods while a deployment waits for new ones.
    metadata: { ...metadata(workload), ...(onDelete && { annotations: unawaited }) },
    spec: {
      revisionHistoryLimit: settings.revisionHistoryLimit,
      updateStrategy: onDelete
        ? { type: "OnDelete" }
        : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: selectorLabels(workload) },
      template: template(workload),
    },
  };
}

/** What the workload's Pods call the Kubernetes API as; undefined where they do not. */
export function serviceAccount(workload: WorkloadBlueprint) {
  if (!workload.settings.serviceAccountToken) return undefined;
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(workload) };
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

function template(workload: WorkloadBlueprint) {
  return {
    metadata: podMetadata(workload),
    spec: podSpec(workload, { restartPolicy: "Always" }),
  };
}
