import type { NamespaceBlueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { selectorLabels } from "../workload/labels";

/** Istio's custom resources of a namespace or a workload in the mesh, as plain data. */

/** Proxies hold what their namespace calls, instead of the whole cluster; undefined where there are none. */
export function sidecarScope({ name, mesh }: NamespaceBlueprint) {
  if (mesh === undefined) return undefined;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Sidecar",
    metadata: { name: "default", namespace: name },
    spec: {
      egress: [{ hosts: [...mesh.egressHosts] }],
      ...(mesh.knownHostsOnly && { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } }),
    },
  };
}

/** Ports that stay open to callers outside the mesh; undefined where none must. */
export function plainPorts(workload: WorkloadBlueprint) {
  const ports = workload.mesh?.plainPorts ?? [];
  if (ports.length === 0) return undefined;
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: workload.name, namespace: workload.namespace },
    spec: {
      selector: { matchLabels: { ...selectorLabels(workload) } },
      mtls: { mode: "STRICT" },
      portLevelMtls: Object.fromEntries(ports.map((port) => [port, { mode: "PERMISSIVE" }])),
    },
  };
}
