import { nodePortsSuffix, transport } from "../../site/workload/ports";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { spoken } from "../network/ports";
import { metadata, selectorLabels } from "./labels";

/** Services of one workload, as plain data. */

/** Of what nobody waits for, since that would never end: a workload that is scaled to none answers nothing. */
export const unawaited = { "pulumi.com/skipAwait": "true" };

/** The Service that others call; undefined for a workload without ports. */
export function service(workload: WorkloadBlueprint) {
  if (workload.ports.length === 0) return undefined;
  const spec = {
    type: "ClusterIP",
    selector: selectorLabels(workload),
    ports: servicePorts(workload),
  };
  const { labels, ...rest } = metadata(workload);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...rest, labels, ...(workload.replicas === 0 && { annotations: unawaited }) },
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
      // Members of a cluster look for each other by these names before any of them is ready.
      publishNotReadyAddresses: true,
      selector: selectorLabels(workload),
      ...(workload.ports.length > 0 && { ports: servicePorts(workload) }),
    },
  };
}

/**
 * The Service whose ports are open on every node; undefined for a workload without any. Apart from the one that others
 * call: in a Service of this type every port would get such a number.
 */
export function nodePortsService(workload: WorkloadBlueprint) {
  const ports = workload.ports.filter(({ nodePort }) => nodePort !== undefined);
  if (ports.length === 0) return undefined;
  const { labels, ...rest } = metadata(workload, nodePortsName(workload));
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...rest, labels, ...(workload.replicas === 0 && { annotations: unawaited }) },
    spec: {
      type: "NodePort",
      selector: selectorLabels(workload),
      ports: servicePorts({ ...workload, ports }).map((port, at) => ({
        ...port,
        nodePort: ports[at]?.nodePort,
      })),
    },
  };
}

/** Name of the Service whose ports are open on every node. */
export function nodePortsName({ name }: Pick<WorkloadBlueprint, "name">): string {
  return `${name}${nodePortsSuffix}`;
}

/** Name of the Service that gives each Pod of a StatefulSet a name. */
export function headlessName({ name }: Pick<WorkloadBlueprint, "name">): string {
  return `${name}-headless`;
}

function servicePorts({ ports }: WorkloadBlueprint) {
  return ports.map(({ name, port, protocol }) => ({
    name,
    port,
    targetPort: name,
    ...spoken(protocol),
  }));
}

/** Ports of the workload's container. */
export function containerPorts({ ports }: Pick<WorkloadBlueprint, "ports">) {
  return ports.map(({ name, port, protocol, hostPort }) => ({
    name,
    containerPort: port,
    protocol: transport(protocol),
    ...(hostPort !== undefined && { hostPort }),
  }));
}
