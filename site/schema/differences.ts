import { z } from "zod";
import { canaryDifferenceField } from "./canary";
import { envField, labelsField, list, nameField, resourcesField, whole } from "./fields";
import { hostField, viaField } from "./ingress";
import { trafficDifferenceField } from "./traffic";
import { hostPortField, nodePortField, portNameField } from "./workload-network";
import { storageDifferenceSchema } from "./workload-volumes";

/** What a site states of a workload where it differs from the release. */
export const workloadDifferenceSchema = z.strictObject({
  replicas: whole(0, 1000, "Pods")
    .optional()
    .describe("Pods wanted; the release's number when absent."),
  resources: resourcesField.optional().describe("Replaces the release's requests and limits."),
  env: envField
    .default({})
    .describe("Variables added to the release's, or replacing them by name."),
  labels: labelsField.default({}).describe("Labels added to the release's."),
  nodeSelector: labelsField
    .default({})
    .describe("Labels that a node must carry, added to the release's."),
  storage: z
    .record(nameField, storageDifferenceSchema, {
      error: "an object of claim or volume name and differences",
    })
    .default({})
    .describe("Differences of its claims, by the names of its `claims` and `volumes`."),
  mesh: z
    .boolean({ error: "true or false" })
    .optional()
    .describe(
      "Whether its Pods are in the mesh. Default: as the release, else the namespace says.",
    ),
  ports: z
    .record(
      portNameField,
      z.strictObject({
        nodePort: nodePortField
          .or(z.literal(false))
          .optional()
          .describe("NodePort in place of the release's; `false` for none."),
        hostPort: hostPortField.optional().describe("Port of hosts in place of the release's."),
      }),
      { error: "an object of port name and differences" },
    )
    .default({})
    .describe("Differences of ports, by their names."),
  expose: z
    .record(
      portNameField,
      z.strictObject({
        via: viaField.optional().describe("Who serves it, in place of the release's choice."),
        hosts: list(hostField, 20, "host names")
          .min(1, { error: "at least one host name" })
          .optional()
          .describe("Host names in place of the release's."),
        off: z
          .boolean({ error: "true or false" })
          .default(false)
          .describe("Whether it is not exposed at this site."),
        nodePort: nodePortField
          .optional()
          .describe("Port that nodes open for `tcp`, in place of the release's."),
      }),
      { error: "an object of port name and differences" },
    )
    .default({})
    .describe("Differences from what the release exposes, by the name of the port."),
  traffic: trafficDifferenceField,
  canary: canaryDifferenceField,
});
