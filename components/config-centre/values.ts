import type { ConsulBlueprint } from "../../site/platform/config-centre-types";

/** Names and keys of the Secrets that Consul starts with. */
export const bootstrapSecret = { secretName: "consul-bootstrap-token", secretKey: "token" };
export const gossipSecret = { secretName: "consul-gossip-key", secretKey: "key" };

/** Values of the chart consul: servers with their key/value store, and nothing that looks into Pods. */
export function consulValues({
  replicas,
  sizeGiB,
  storageClass,
  nodeSelector,
  resources,
  helperResources,
}: ConsulBlueprint) {
  const off = { enabled: false };
  // The chart puts these through its templates as texts; JSON is YAML on one line.
  const selector = JSON.stringify(nodeSelector);
  return {
    global: {
      name: "consul",
      // Definitions of the Gateway API are the mesh's.
      installK8sNetworkingCRDs: false,
      gossipEncryption: { autoGenerate: false, ...gossipSecret },
      acls: {
        manageSystemACLs: true,
        bootstrapToken: bootstrapSecret,
        resources: helperResources,
        nodeSelector: selector,
      },
    },
    server: {
      enabled: true,
      replicas,
      storage: `${sizeGiB}Gi`,
      ...(storageClass !== undefined && { storageClass }),
      connect: false,
      resources,
      nodeSelector: selector,
      affinity: JSON.stringify(apart),
      // A budget on a single Pod would only keep its node from ever being drained.
      disruptionBudget: replicas > 1 ? { enabled: true, maxUnavailable: 1 } : off,
      exposeService: off,
    },
    client: off,
    connectInject: {
      ...off,
      apiGateway: { manageExternalCRDs: false, manageNonStandardCRDs: false },
    },
    ui: off,
    dns: off,
    syncCatalog: off,
    tests: off,
  };
}

/** A lost host must not take two servers with it. */
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { app: "consul", component: "server" } },
      },
    ],
  },
};
