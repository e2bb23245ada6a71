import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { metadata, selectorLabels } from "./labels";

/** Services of one workload, as plain data. */

/** The Service that others call; undefined for a workload without ports. */
export function service(workload: WorkloadBlueprint) {
  if (workload.ports.length === 0) return undefined;
  const spec = {
    type: "ClusterIP",
    selector: selectorLabels(workload),
    ports: servicePorts(workload),
  };
  const { labels, ...rest } = metadata(workload);
  // Nothing answers behind a workload that is scaled to none, and waiting for it would never end.
  const annotations = { "pulumi.com/skipAwait": "true" };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...rest, labels, ...(workload.replicas === 0 && { annotations }) },
    spec,
  };
}

/** The Service that gives each Pod of a StatefulSet a name. */
export function headlessService(workload: WorkloadBlueprint) {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(workload, headlessName(workload)),
    spec: {
      type: "ClusterIP",
      clusterIP: "None",
      selector: selectorLabels(workload),
      ...(workload.ports.length > 0 && { ports: servicePorts(workload) }),
    },
  };
}

/** Name of the Service that gives each Pod of a StatefulSet a name. */
export function headlessName({ name }: Pick<WorkloadBlueprint, "name">): string {
  return `${name}-headless`;
}

function servicePorts({ ports }: WorkloadBlueprint) {
  return ports.map(({ name, port }) => ({ name, port, targetPort: name, protocol: "TCP" }));
}
