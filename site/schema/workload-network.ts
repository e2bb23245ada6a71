import { z } from "zod";
import { list, portField, text } from "./fields";
import { hostField, viaField } from "./ingress";

/** How others reach a workload. */

/** A name for a port, as Kubernetes takes it. */
export const portNameField = text(
  /^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/,
  "a port name of at most 15 lower-case letters",
);

export const portsField = list(
  z.strictObject({
    name: portNameField.describe("Name of the port."),
    port: portField.describe("Port that the container listens on and the Service offers."),
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
});

export const exposeField = list(exposed, 20, "ports")
  .default([])
  .describe(
    "Ports that clients outside the cluster reach, at sites that have an ingress; each once.",
  );
