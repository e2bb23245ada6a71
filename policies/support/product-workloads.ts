import type { Blueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { type KubernetesObject, namespaceOf, textOf } from "./objects";
import { ofBlueprint } from "./of-blueprint";

/** What makes Pods, by which rules and settings name it: `Deployment parcels/api`. */
export function makerOf(object: KubernetesObject): string {
  return `${object.kind} ${textOf(namespaceOf(object))}/${textOf(object.metadata?.name)}`;
}

/** Workloads of the release by what makes their Pods, as {@link makerOf} names it. */
export const productWorkloads = ofBlueprint(
  ({ workloads }: Blueprint): ReadonlyMap<string, WorkloadBlueprint> =>
    new Map(
      workloads.flatMap((workload) => {
        const { kind, namespace, name, canary } = workload;
        const names = canary === undefined ? [name] : [name, canary.name];
        return names.map((one) => [`${kind} ${namespace}/${one}`, workload] as const);
      }),
    ),
);
