import { z } from "zod";
import { nodePortRange } from "../platform/node-ports";
import {
  addressField,
  cidrField,
  domainField,
  list,
  nameField,
  portField,
  text,
  whole,
} from "./fields";
import { hostField, viaField } from "./ingress";

/** How others reach a workload, and whom it reaches outside the cluster. */

/** A name for a port, as Kubernetes takes it. */
export const portNameField = text(
  /^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/,
  "a port name of at most 15 lower-case letters",
);

export const portProtocols = ["http", "http2", "https", "grpc", "tcp", "udp"] as const;

/** What is spoken on a port. */
export const portProtocolField = z.enum(portProtocols, {
  error: "http, http2, https, grpc, tcp or udp",
});

const nodePortNeeded = `true for a number of its own, or a NodePort: a whole number from ${nodePortRange.first} to ${nodePortRange.last}`;

/** A port on every node. */
export const nodePortField = z.union(
  [
    z.literal(true, { error: nodePortNeeded }),
    whole(nodePortRange.first, nodePortRange.last, "a NodePort"),
  ],
  { error: nodePortNeeded },
);

/** A port of the hosts on which a Pod runs. */
export const hostPortField = portField;

export const portsField = list(
  z.strictObject({
    name: portNameField.describe("Name of the port."),
    port: portField.describe("Port that the container listens on and the Service offers."),
    protocol: portProtocolField
      .optional()
      .describe(
        "What is spoken there. Default: what the name begins with (`grpc`, `grpc-orders`), else `tcp`.",
      ),
    nodePort: nodePortField
      .optional()
      .describe(
        "Also a port on every node: `true` for the number that follows from its name, or a number.",
      ),
    hostPort: hostPortField
      .optional()
      .describe(
        "Also this port of each host that runs a Pod; only in namespaces whose Pod security level is `privileged`.",
      ),
  }),
  20,
  "ports",
)
  .default([])
  .describe("Ports; a workload with any gets a Service of its name.");

const exposed = z.strictObject({
  port: portNameField.describe("Name of one of the workload's `ports`."),
  hosts: list(hostField, 20, "host names")
    .default([])
    .describe(
      "Host names; one without a dot is continued by the site's domain. Default: the workload's name.",
    ),
  path: text(/^(\/|(\/[A-Za-z0-9_.~-]+)+)$/, "a path such as / or /api")
    .default("/")
    .describe("Only requests whose path begins so."),
  via: viaField.optional().describe("Who serves it. Default: as the site says."),
  tls: z
    .enum(["passthrough"], { error: "passthrough, or nothing where the site's certificate serves" })
    .optional()
    .describe(
      "`passthrough`: connections go on as they are, by the name that the client asks for; the workload has the certificate.",
    ),
  tcp: portField
    .optional()
    .describe("Port of its own, for what is not HTTP; served by the mesh's gateway only."),
  nodePort: nodePortField
    .optional()
    .describe(
      "Port that nodes open for `tcp`. Default: `true`, the number that follows from that of `tcp`.",
    ),
});

export const exposeField = list(exposed, 20, "ports")
  .default([])
  .describe(
    "Ports that clients outside the cluster reach, at sites that have an ingress; each once.",
  );

const networksField = list(cidrField, 50, "networks").min(1, { error: "at least one network" });

/** Where a service outside the cluster stands: by addresses, or by a name. */
export const externalPlaceSchema = z.strictObject({
  addresses: list(addressField, 100, "addresses")
    .min(1, { error: "at least one address" })
    .optional()
    .describe("Its addresses; connections are spread over them."),
  domain: domainField.optional().describe("Its name, which the site's DNS knows."),
  networks: networksField
    .optional()
    .describe(
      "Networks in which the addresses of `domain` lie; needed where ways out of a namespace are closed.",
    ),
});

/** A service outside the cluster, under a name within it. */
export const externalSchema = z.strictObject({
  namespace: nameField.describe("Namespace in which it has its name; one of `namespaces`."),
  ports: list(
    z.strictObject({
      name: portNameField.describe("Name of the port."),
      port: portField.describe("Port that it listens on."),
      protocol: portProtocolField
        .optional()
        .describe("What is spoken there. Default: what the name begins with, else `tcp`."),
    }),
    20,
    "ports",
  )
    .min(1, { error: "at least one port" })
    .describe("Ports that it has."),
  at: externalPlaceSchema
    .optional()
    .describe("Where it stands. Default: each site states it under `externals`."),
  usedBy: list(nameField, 50, "namespaces")
    .default([])
    .describe("Further namespaces that call it."),
});

/** One way out of a namespace. */
export const wayOutSchema = z.strictObject({
  cidr: cidrField.optional().describe("A network outside the cluster, such as 192.0.2.128/28."),
  domain: text(
    /^(?=.{3,253}$)(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    "a DNS name in lower case such as api.example.com, or *.example.com",
  )
    .optional()
    .describe("A name instead, which the mesh's proxies hold connections to."),
  ports: list(
    z.strictObject({
      port: portField.describe("Port."),
      protocol: portProtocolField
        .optional()
        .describe("What is spoken there. Default: `https` on 443, `http` on 80, else `tcp`."),
    }),
    20,
    "ports",
  )
    .min(1, { error: "at least one port" })
    .describe("Ports that are reached there."),
});

export const egressField = list(wayOutSchema, 100, "ways out");

export type PortProtocol = (typeof portProtocols)[number];
export type ExternalPlace = z.output<typeof externalPlaceSchema>;
export type WayOut = z.output<typeof wayOutSchema>;
