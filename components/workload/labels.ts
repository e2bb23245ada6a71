import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { ownLabels } from "../support/own-labels";

type Labelled = Pick<WorkloadBlueprint, "name" | "version" | "labels">;

/** What selects a workload's Pods. Selectors cannot change later, so this holds its name and nothing else. */
export function selectorLabels({ name }: Pick<Labelled, "name">): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": name };
}

/** Labels of a workload's Pods. */
export function podLabels(workload: Labelled): Readonly<Record<string, string>> {
  return {
    ...workload.labels,
    ...(workload.version !== "" && { "app.kubernetes.io/version": workload.version }),
    ...selectorLabels(workload),
    ...ownLabels,
  };
}

/** Metadata of an object that belongs to a workload. */
export function metadata(
  workload: Labelled & Pick<WorkloadBlueprint, "namespace">,
  name = workload.name,
) {
  return { name, namespace: workload.namespace, labels: podLabels(workload) };
}
