import { trackLabel } from "../../site/platform/mesh-members";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { deployment } from "../workload/manifests";

/** Pods of another image beside a workload's own, and the part of the requests that they get, as plain data. */

/** Names by which routes tell the two sets of Pods apart. */
export const subsets = { stable: "stable", canary: "canary" } as const;

/**
 * The Deployment of a workload's canary; undefined while there is none. Its Pods carry the workload's name, so that the
 * workload's Service, budget and policies hold for them. The workload's own Deployment selects by that name alone, and
 * selectors never change, so the two overlap: what keeps them apart is that each ReplicaSet and Pod names its owner,
 * and that a ReplicaSet also selects by the hash of its template. This one selects by its track too.
 */
export function canaryDeployment(workload: WorkloadBlueprint) {
  const { canary, mesh } = workload;
  if (canary === undefined || mesh === undefined) return undefined;
  const { name, image, version, replicas } = canary;
  const track = { [trackLabel]: subsets.canary };
  const { metadata, spec, ...rest } = deployment({
    ...workload,
    image,
    version,
    replicas,
    labels: { ...workload.labels, ...track },
    mesh: { ...mesh, labels: { ...mesh.labels, ...track } },
  });
  const matchLabels = { ...spec.selector.matchLabels, ...track };
  return {
    ...rest,
    metadata: { ...metadata, name },
    spec: { ...spec, selector: { ...spec.selector, matchLabels } },
  };
}

interface Destination {
  readonly host: string;
  readonly port: { readonly number: number };
}

/** Where requests go that say nothing else: to all Pods alike, or to each set its part, together always 100. */
export function weighted({ canary }: Pick<WorkloadBlueprint, "canary">, destination: Destination) {
  if (canary === undefined) return [{ destination }];
  return [
    { destination: { ...destination, subset: subsets.stable }, weight: 100 - canary.weight },
    { destination: { ...destination, subset: subsets.canary }, weight: canary.weight },
  ];
}

/** Where requests with a canary's headers go; undefined where no header leads there. */
export function byHeader({ canary }: Pick<WorkloadBlueprint, "canary">, destination: Destination) {
  const headers = Object.entries(canary?.headers ?? {});
  if (headers.length === 0) return undefined;
  return {
    headers: Object.fromEntries(headers.map(([name, exact]) => [name, { exact }])),
    route: [{ destination: { ...destination, subset: subsets.canary } }],
  };
}
