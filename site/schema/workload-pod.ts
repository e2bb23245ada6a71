import { z } from "zod";
import { overridesField } from "../workload/defaults";
import { centreField } from "./config-centre";
import { envField, imageField, labelsField, list, resourcesField, text } from "./fields";
import { logsField } from "./workload-logs";
import { probeField } from "./workload-probe";
import { filesField, secretEnvField, secretFilesField } from "./workload-secrets";
import { volumesField } from "./workload-volumes";

/** What the Pods of a workload are, whatever starts them. */

const words = list(z.string({ error: "a text" }), 100, "words");

const initContainer = z.strictObject({
  name: text(
    /^[a-z]([a-z0-9-]{0,39}[a-z0-9])?$/,
    "a name of at most 41 lower-case letters, digits and hyphens",
  ).describe("Name of the container, unlike the workload's."),
  image: imageField.describe("Public image by registry, name, tag and digest."),
  command: words.default([]).describe("Replaces the image's own command."),
  args: words.default([]).describe("Replaces the image's own arguments."),
  env: envField.default({}).describe("Variables of this container on top of the workload's."),
  resources: resourcesField.describe("Requests and limits of this container."),
  sidecar: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether it keeps running beside the workload: it is started before and ended after it. Otherwise it has to end before the next one starts.",
    ),
});

export const podFields = {
  image: imageField.describe("Public image by registry, name, tag and digest."),
  command: words.default([]).describe("Replaces the image's own command. Default: the image's."),
  args: words.default([]).describe("Replaces the image's own arguments. Default: the image's."),
  env: envField.default({}).describe("Variables, kept in a ConfigMap; never secrets."),
  files: filesField,
  secretEnv: secretEnvField,
  secretFiles: secretFilesField,
  centre: centreField,
  init: list(initContainer, 10, "containers")
    .default([])
    .describe(
      "Containers that run before the workload, in this order, with its variables, secrets, files and volumes.",
    ),
  volumes: volumesField,
  probe: probeField
    .optional()
    .describe("How Kubernetes sees that a Pod started, is ready and lives."),
  resources: resourcesField.describe("Requests and limits of each Pod's own container."),
  labels: labelsField.default({}).describe("Further labels of the Pods."),
  nodeSelector: labelsField.default({}).describe("Labels that a node must carry."),
  logs: logsField,
  traces: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether it sends traces of its own. Where the site has `tracing` it gets the variables that OpenTelemetry's libraries read (`OTEL_…`) and may reach the collector; elsewhere nothing.",
    ),
  overrides: overridesField,
};
