import { eligibleHosts } from "../capacity";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { toleratedTaints } from "./pods";

/** Pods of a workload at this site; a DaemonSet has one on each node that takes its Pods. */
export function replicasOf(
  workload: ReleaseWorkload,
  site: Pick<Site, "hosts">,
  stated: number | undefined,
  nodeSelector: Readonly<Record<string, string>>,
): number {
  switch (workload.kind) {
    case "Deployment":
    case "StatefulSet":
      return stated ?? workload.replicas;
    case "DaemonSet":
      return eligibleHosts(site, nodeSelector, toleratedTaints(workload, site)).length;
    default:
      return 1;
  }
}

/** Whether a workload's number of Pods is for people to choose. */
export function isReplicated(
  workload: ReleaseWorkload,
): workload is Extract<ReleaseWorkload, { replicas: number }> {
  return workload.kind === "Deployment" || workload.kind === "StatefulSet";
}
