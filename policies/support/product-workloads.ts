import type { Blueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import type { KubernetesObject } from "./objects";
import { ofBlueprint } from "./of-blueprint";
import { makerOf } from "./pod-makers";

const byMaker = ofBlueprint(
  ({ workloads }: Blueprint): ReadonlyMap<string, WorkloadBlueprint> =>
    new Map(
      workloads.flatMap((workload) => {
        const { kind, namespace, name, canary } = workload;
        const names = canary === undefined ? [name] : [name, canary.name];
        return names.map((one) => [`${kind} ${namespace}/${one}`, workload] as const);
      }),
    ),
);

/** The workload of the release, or its canary, that an object makes the Pods of. */
export function productWorkload(
  object: KubernetesObject,
  blueprint: Blueprint,
): WorkloadBlueprint | undefined {
  return byMaker(blueprint).get(makerOf(object));
}
