/**
 * Ports that every node opens for the two ways into the cluster. Fixed, because an edge host's configuration, an external
 * balancer and a firewall all name them; stated once, because Services and those three have to agree.
 */
export const nodePorts = {
  /** The mesh's ingress gateway. */
  gateway: { http: 30080, https: 30443, status: 30021 },
  /** The ingress that stands by. */
  standby: { http: 31080, https: 31443, ping: 31090 },
} as const;

/** Where a running gateway answers 200, on its status port. */
export const gatewayReadyPath = "/healthz/ready";

/** Where a running standby answers 200, on its ping port. */
export const standbyReadyPath = "/ping";

/**
 * What the product's own NodePorts come from. Kubernetes looks here last for a Service that wants any port
 * (`ServiceNodePortStaticSubrange`: the first 86), so none of these is taken by chance. The bounds never change: the
 * numbers that ports get by themselves follow from them.
 */
export const productNodePorts = { first: 30_000, last: 30_079 } as const;

/** What Kubernetes gives NodePorts from. */
export const nodePortRange = { first: 30_000, last: 32_767 } as const;
