import { monitoringNamespace } from "../../../site/platform/monitoring-place";
import { nightingaleNamespace, nightingaleService } from "../../../site/platform/nightingale-place";

/**
 * Ports of Pods that are forwarded in a rehearsal. No container runs there, so what answers is a program on the first
 * control plane, where kwok plays every node's kubelet; where none listens, a connection is refused as by a program
 * that is not up yet. Whoever adds a program that stands for a Pod's adds its port here.
 */
export interface PodPort {
  readonly namespace: string;
  /** Port within the Pod, and of the program on that host's loopback. */
  readonly port: number;
}

export const podPorts: readonly PodPort[] = [
  { namespace: monitoringNamespace, port: 9090 },
  { namespace: monitoringNamespace, port: 9093 },
  { namespace: monitoringNamespace, port: 3000 },
  { namespace: nightingaleNamespace, port: nightingaleService.port },
];

/** kwok's own objects that say so, one a namespace. */
export function portForwards(): readonly object[] {
  const namespaces = [...new Set(podPorts.map(({ namespace }) => namespace))];
  return namespaces.map((name) => ({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterPortForward",
    metadata: { name },
    spec: {
      selector: { matchNamespaces: [name] },
      forwards: podPorts
        .filter(({ namespace }) => namespace === name)
        .map(({ port }) => ({ ports: [port], target: { address: "127.0.0.1", port } })),
    },
  }));
}
