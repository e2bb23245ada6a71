import { logFormatLabel } from "../../site/workload/logs";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { shipperHash } from "../logging/shipper";
import { configHash } from "./config";
import { container, initContainer } from "./container";
import { podLabels, selectorLabels } from "./labels";
import { podVolumes } from "./volumes";

/**
 * Everything a Pod of the product is, whatever starts it. Meets the "restricted" Pod security level, unless the
 * workload states something else.
 */

export interface PodOptions {
  readonly restartPolicy: "Always" | "Never";
}

/** Pod template of a workload, without the metadata that its controller adds. */
export function podSpec(workload: WorkloadBlueprint, { restartPolicy }: PodOptions) {
  const { settings, init } = workload;
  const { runAsUser: user, serviceAccountToken } = settings;
  return {
    restartPolicy,
    ...(serviceAccountToken && { serviceAccountName: workload.name }),
    automountServiceAccountToken: serviceAccountToken,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: settings.terminationGraceSeconds,
    securityContext: {
      runAsNonRoot: user !== 0,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      // A volume of millions of files would otherwise be gone through at every start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector: workload.nodeSelector,
    ...(workload.tolerates.length > 0 && {
      tolerations: workload.tolerates.map((key) => ({ key, operator: "Exists" })),
    }),
    ...spread(workload),
    ...(init.length > 0 && { initContainers: init.map((one) => initContainer(workload, one)) }),
    containers: [container(workload)],
    volumes: podVolumes(workload),
  };
}

/** Labels of the Pods, which are also what the workload's Services and budgets select by. */
export function podMetadata(workload: WorkloadBlueprint) {
  const hash = configHash(workload);
  const logs = shipperHash(workload);
  // A proxy that is renewed is no reason to do the work of a Job again.
  const revision = workload.kind === "Job" ? undefined : workload.mesh?.revision;
  // Pods read their environment once, and get their proxy once: what is new there must mean new Pods.
  const annotations = {
    ...(hash !== undefined && { "sitewright/config-hash": hash }),
    ...(revision !== undefined && { "sitewright/mesh-revision": revision }),
    ...(logs !== undefined && { "sitewright/log-config-hash": logs }),
  };
  const labels: Readonly<Record<string, string>> = {
    ...podLabels(workload),
    ...workload.mesh?.labels,
    [logFormatLabel]: workload.logs.format,
  };
  return {
    labels,
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/** Pods of one workload keep away from each other: first by host, then by zone. */
function spread(workload: WorkloadBlueprint) {
  const { antiAffinity, settings } = workload;
  const labelSelector = { matchLabels: selectorLabels(workload) };
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector };
  const podAntiAffinity =
    antiAffinity === "required"
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
        };
  const zones = {
    topologyKey: "topology.kubernetes.io/zone",
    maxSkew: 1,
    whenUnsatisfiable: settings.zoneSpread === "required" ? "DoNotSchedule" : "ScheduleAnyway",
    labelSelector,
    // Zones whose nodes are for others do not count, and neither do Pods of the version before.
    ...(settings.zoneSpread === "required" && {
      nodeTaintsPolicy: "Honor",
      ...(workload.kind === "Deployment" && { matchLabelKeys: ["pod-template-hash"] }),
    }),
  };
  return {
    ...(antiAffinity !== "none" && { affinity: { podAntiAffinity } }),
    ...(settings.zoneSpread !== "none" && { topologySpreadConstraints: [zones] }),
  };
}
