import type { Blueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { ofBlueprint } from "./of-blueprint";

/** Workloads of the release by kind, namespace and name of what makes their Pods: `Deployment parcels/api`. */
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
