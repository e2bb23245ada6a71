import { createHash } from "node:crypto";
import type { WorkloadBlueprint } from "../../site/blueprint-types";
import { podLabels, selectorLabels } from "./labels";
import { configName, podMetadata, podSpec } from "./pod";

/** Kubernetes objects of one workload, as plain data. */

/** Old revisions kept, so that a roll-back needs no registry and no operator's machine. */
const revisionHistoryLimit = 5;

/** The workload's environment; undefined when it has none. */
export function configMap(workload: WorkloadBlueprint) {
  if (Object.keys(workload.env).length === 0) return undefined;
  return { metadata: metadata(workload, configName(workload)), data: workload.env };
}

export function deployment(workload: WorkloadBlueprint) {
  // Where each Pod needs a host of its own, a further one may have none: make room first.
  const rollingUpdate =
    workload.antiAffinity === "required"
      ? { maxSurge: 0, maxUnavailable: 1 }
      : { maxSurge: 1, maxUnavailable: 0 };
  return {
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

export function cronJob(workload: WorkloadBlueprint) {
  const { schedule = "", timeZone } = workload;
  return {
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
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 3600,
          ttlSecondsAfterFinished: 86_400,
          template: {
            metadata: podMetadata(workload, configHash(workload)),
            spec: podSpec(workload, { restartPolicy: "Never" }),
          },
        },
      },
    },
  };
}

/** The Service that others call; undefined for a workload without ports. */
export function service(workload: WorkloadBlueprint) {
  if (workload.ports.length === 0) return undefined;
  const spec = {
    type: "ClusterIP",
    selector: selectorLabels(workload),
    ports: servicePorts(workload),
  };
  const { labels, ...rest } = metadata(workload);
  // Nothing answers behind a workload that is scaled to none, and waiting for it would never end.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return { metadata: { ...rest, labels, ...(workload.replicas === 0 && { annotations }) }, spec };
}

/** The Service that gives each Pod of a StatefulSet a name. */
export function headlessService(workload: WorkloadBlueprint) {
  return {
    metadata: metadata(workload, headlessName(workload)),
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      selector: selectorLabels(workload),
      ...(workload.ports.length > 0 && { ports: servicePorts(workload) }),
    },
  };
}

/** How many Pods a drain may take at once; undefined where a budget makes no sense. */
export function disruptionBudget(workload: WorkloadBlueprint) {
  if (workload.maxUnavailable === undefined) return undefined;
  return {
    metadata: metadata(workload),
    spec: {
      maxUnavailable: workload.maxUnavailable,
      selector: { matchLabels: selectorLabels(workload) },
    },
  };
}

function template(workload: WorkloadBlueprint) {
  return {
    metadata: podMetadata(workload, configHash(workload)),
    spec: podSpec(workload, { restartPolicy: "Always" }),
  };
}

function metadata(workload: WorkloadBlueprint, name = workload.name) {
  return { name, namespace: workload.namespace, labels: podLabels(workload) };
}

function headlessName({ name }: WorkloadBlueprint): string {
  return `${name}-headless`;
}

function servicePorts({ ports }: WorkloadBlueprint) {
  return ports.map(({ name, port }) => ({ name, port, targetPort: name, protocol: "TCP" }));
}

/** Changes with the environment and with nothing else; undefined when there is none. */
function configHash({ env }: WorkloadBlueprint): string | undefined {
  const entries = Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return undefined;
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex").slice(0, 16);
}
