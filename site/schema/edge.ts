import { z } from "zod";
import { nodePortRange } from "../platform/node-ports";
import { addressField, cidrField, list, nameField, portField, text, whole } from "./fields";

/** VRRP's own number of a group of hosts that share an address; must be unlike any other in the same network. */
export const routerIdField = whole(1, 255, "a VRRP router id");

/** Name of a network interface, as the kernel takes it. */
export const interfaceField = text(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/,
  "a network interface such as eth0 or bond0.20",
);

const furtherPort = z.strictObject({
  name: nameField.describe("Name of the port in the proxy's configuration and its figures."),
  port: portField.describe("Port that clients use."),
  nodePort: whole(nodePortRange.first, nodePortRange.last, "a NodePort").describe(
    "Port that the cluster's nodes open for it.",
  ),
});

/** How clients get from the customer's network to the cluster's ingress. */
export const edgeSchema = z.strictObject({
  mode: z
    .enum(["keepalived", "external"], { error: "keepalived or external" })
    .describe(
      "Who balances: `keepalived` for the site's own edge hosts, which share an address and run haproxy; `external` for the customer's balancer, which is told what to forward.",
    ),
  address: addressField
    .optional()
    .describe("Address that clients use: a free one that the edge hosts share, or the balancer's."),
  secondAddress: addressField
    .optional()
    .describe(
      "A second shared address, at home on the second edge host, so that both work. With it an address returns to its home after a failure.",
    ),
  prefixLength: whole(8, 30, "the length of a network prefix")
    .default(24)
    .describe("Size of the network that the edge hosts and the shared address lie in."),
  routerId: routerIdField
    .default(51)
    .describe(
      "VRRP router id of the shared address; the second address has the next one. No other VRRP group of the same network may have it.",
    ),
  interface: interfaceField
    .optional()
    .describe("Network interface of the edge hosts. Default: the one that has the host's address."),
  http: portField.default(80).describe("Port for plain HTTP."),
  https: portField.default(443).describe("Port for HTTPS; TLS is passed on as it is."),
  ports: list(furtherPort, 50, "ports").default([]).describe("Further TCP ports to pass on."),
  proxyProtocol: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether the client's address is told to the gateways by PROXY protocol v2. A balancer of the customer's then must do so too.",
    ),
  limits: z
    .strictObject({
      connections: whole(10, 1_000_000, "connections")
        .default(2000)
        .describe("Open connections that one client address may have; the next is refused."),
      connectionsPer10Seconds: whole(10, 1_000_000, "connections")
        .default(2000)
        .describe("New connections that one client address may make in 10 seconds."),
    })
    .prefault({})
    .describe("What one client address may take, so that it cannot crowd out the others."),
  stats: z
    .strictObject({
      port: portField
        .default(8404)
        .describe("Port of the proxy's own page (/stats) and figures for Prometheus (/metrics)."),
      allow: list(cidrField, 50, "networks")
        .default([])
        .describe(
          "Networks that may read them, besides the workers at a site with monitoring. Without any, only the edge host itself may.",
        ),
    })
    .prefault({})
    .describe("Where an edge host shows what it does."),
});

export type EdgeSettings = z.output<typeof edgeSchema>;
