import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import type { KubernetesObject } from "../support/kubernetes-object";
import type { WorkloadObject } from "../workload/objects";
import { canaryDeployment } from "./canary";
import { luaFilter } from "./lua";
import { rateLimitFilter } from "./rate-limit";
import { destinationRule, meshRoutes } from "./traffic";

/** What has to be there before a workload's Pods: one that starts without its filter lets everybody in. */
export function filterObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  return [
    ...present("lua", luaFilter(workload)),
    ...present("rate-limit", rateLimitFilter(workload)),
  ];
}

/** A workload's canary, behind the same things as the workload's own Pods. */
export function canaryObjects(
  workload: WorkloadBlueprint,
  after: readonly string[],
): readonly WorkloadObject[] {
  return present("canary-deployment", canaryDeployment(workload), after);
}

/** How callers in the mesh come to a workload. */
export function trafficObjects(workload: WorkloadBlueprint): readonly WorkloadObject[] {
  return [
    ...present("destination-rule", destinationRule(workload)),
    ...present("mesh-routes", meshRoutes(workload), routesAfter(workload)),
  ];
}

/**
 * What routes wait for, by noun. Those that share requests out lead to Pods that must be ready, by names that must be
 * known; and when a canary is promoted they stay with it until the workload's own Pods have its image.
 */
export function routesAfter({ traffic }: Pick<WorkloadBlueprint, "traffic">): readonly string[] {
  return traffic?.canaryKnown === true
    ? ["deployment", "canary-deployment", "destination-rule"]
    : [];
}

function present(
  noun: string,
  object: KubernetesObject | undefined,
  after: readonly string[] = [],
): readonly WorkloadObject[] {
  return object === undefined ? [] : [{ noun, object, ...(after.length > 0 && { after }) }];
}
