import { fileKey } from "../../site/workload/file-keys";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { shortHash } from "../support/short-hash";
import { metadata } from "./labels";

/** What a workload reads that is no secret: variables and files, as plain data. */

type Named = Pick<WorkloadBlueprint, "name">;

/** Name of the ConfigMap with a workload's environment. */
export function configName({ name }: Named): string {
  return `${name}-config`;
}

/** Name of the ConfigMap with a workload's files. */
export function filesName({ name }: Named): string {
  return `${name}-files`;
}

/** The workload's environment; undefined when it has none. */
export function configMap(workload: WorkloadBlueprint) {
  if (Object.keys(workload.env).length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(workload, configName(workload)),
    data: workload.env,
  };
}

/** The workload's files; undefined when it has none. */
export function filesMap(workload: WorkloadBlueprint) {
  const files = Object.entries(workload.files);
  if (files.length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(workload, filesName(workload)),
    data: Object.fromEntries(files.map(([path, content]) => [fileKey(path), content])),
  };
}

/** Changes with the environment and the files, and with nothing else; undefined when there are none. */
export function configHash({ env, files }: WorkloadBlueprint): string | undefined {
  const content = [env, files].map(sorted).filter((entries) => entries.length > 0);
  if (content.length === 0) return undefined;
  return shortHash(JSON.stringify(content));
}

function sorted(values: Readonly<Record<string, string>>) {
  return Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
}
