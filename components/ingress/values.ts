import type { StandbyBlueprint } from "../../site/platform/ingress-types";
import { keepApart } from "../support/keep-apart";

/** Values of the chart traefik. */
export function traefikValues(standby: StandbyBlueprint) {
  const { replicas, nodePorts, secure } = standby;
  return {
    // No look for newer versions, no word to its makers: the site has no way out.
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    deployment: { replicas },
    podDisruptionBudget: { enabled: replicas > 1, ...(replicas > 1 && { minAvailable: 1 }) },
    resources: standby.resources,
    priorityClassName: "system-cluster-critical",
    affinity: keepApart({ "app.kubernetes.io/name": "traefik" }),
    ingressClass: { enabled: true, isDefaultClass: false, name: standby.ingressClass },
    api: { dashboard: false },
    ingressRoute: { dashboard: { enabled: false } },
    log: { format: "json" },
    accessLog: { enabled: true, format: "json" },
    service: {
      spec: { type: "NodePort", externalTrafficPolicy: standby.trafficPolicy },
    },
    ports: {
      web: entryPoint(standby, nodePorts.http),
      websecure: {
        ...entryPoint(standby, nodePorts.https),
        ...(!secure && { expose: { default: false } }),
      },
      // Answers whether it is ready; without the dashboard there is nothing else behind it.
      traefik: { expose: { default: true }, nodePort: nodePorts.ping },
    },
  };
}

function entryPoint({ proxyProtocol, forwardedFrom }: StandbyBlueprint, nodePort: number) {
  return {
    nodePort,
    ...(forwardedFrom.length > 0 && { forwardedHeaders: { trustedIPs: [...forwardedFrom] } }),
    ...(proxyProtocol !== undefined && {
      proxyProtocol:
        proxyProtocol === "anyone" ? { insecure: true } : { trustedIPs: [...proxyProtocol] },
    }),
  };
}
