import type { GatewayBlueprint, MeshBlueprint } from "../../site/platform/mesh-types";
import { keepApart } from "../support/keep-apart";

/** Values of the chart gateway. Its image stays "auto": the injector puts the proxy in. */
export function gatewayValues({ gateway, revision, proxy }: MeshBlueprint) {
  return {
    revision,
    kind: gateway.kind,
    autoscaling: { enabled: false },
    ...spread(gateway),
    service: {
      type: "NodePort",
      externalTrafficPolicy: gateway.trafficPolicy,
      ports: servicePorts(gateway),
    },
    resources: proxy,
    priorityClassName: "system-cluster-critical",
    nodeSelector: { ...gateway.nodeSelector },
    tolerations: gateway.tolerates.map((key) => ({ key, operator: "Exists" })),
    readinessProbe: {
      httpGet: { path: "/healthz/ready", port: 15021 },
      periodSeconds: 5,
      failureThreshold: 2,
    },
    securityContext: {
      seccompProfile: { type: "RuntimeDefault" },
      // Lets it listen on 80 and 443 without being root.
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    },
    ...(gateway.proxyProtocol && {
      podAnnotations: { "proxy.istio.io/config": '{"gatewayTopology":{"proxyProtocol":{}}}' },
    }),
  };
}

function spread({ kind, replicas, selector }: GatewayBlueprint) {
  if (kind === "DaemonSet") return {};
  return {
    replicaCount: replicas,
    affinity: keepApart(selector, "required"),
    ...(replicas > 1 && {
      podDisruptionBudget: { minAvailable: 1 },
      // Each Pod has a host of its own, and a further one may have none: make room first.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    }),
  };
}

function servicePorts({ nodePorts, listeners }: GatewayBlueprint) {
  const port = (name: string, number: number, nodePort: number) => ({
    name,
    port: number,
    targetPort: number,
    nodePort,
    protocol: "TCP",
  });
  return [
    port("status-port", 15021, nodePorts.status),
    port("http2", 80, nodePorts.http),
    port("https", 443, nodePorts.https),
    ...listeners.map((own) => port(`tcp-${own.port}`, own.port, own.nodePort)),
  ];
}
