import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { metadata } from "./labels";

/** The Secret of a workload, as plain data and without values: those come in when it is deployed. */

type Reads = Pick<WorkloadBlueprint, "secretEnv" | "secretFiles">;

/** Name of the Secret with all secrets that a workload reads. */
export function secretsName({ name }: Pick<WorkloadBlueprint, "name">): string {
  return `${name}-secrets`;
}

/** Names of the release's secrets that a workload reads, sorted; also the keys of its Secret. */
export function secretsRead({ secretEnv, secretFiles }: Reads): readonly string[] {
  return [...new Set([...Object.values(secretEnv), ...Object.values(secretFiles)])].sort();
}

/** The Secret of a workload; undefined when it reads none. */
export function secretObject(workload: WorkloadBlueprint) {
  if (secretsRead(workload).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(workload, secretsName(workload)),
    type: "Opaque",
  };
}
