import { z } from "zod";
import { envField, imageField, labelsField, list, portField, resourcesField, text } from "./fields";

/** What the Pods of a workload are, whatever starts them. */

const absolutePath = text(/^(\/[A-Za-z0-9_.-]+)+$/, "an absolute path such as /data");

/** Where something is mounted in a container. */
export const mountPathField = absolutePath;

export const podFields = {
  image: imageField.describe("Public image by registry, name, tag and digest."),
  command: list(z.string({ error: "a text" }), 100, "words")
    .default([])
    .describe("Replaces the image's own command. Default: the image's."),
  env: envField.default({}).describe("Variables, kept in a ConfigMap; never secrets."),
  probe: z
    .strictObject({
      port: portField.describe("Port that is asked."),
      path: text(/^\/[!-~]*$/, "a path such as /healthz")
        .optional()
        .describe("HTTP path. Without it a TCP connection is enough."),
    })
    .optional()
    .describe("How Kubernetes sees that a Pod started, is ready and lives."),
  resources: resourcesField.describe("Requests and limits of each Pod."),
  labels: labelsField.default({}).describe("Further labels of the Pods."),
  nodeSelector: labelsField.default({}).describe("Labels that a node must carry."),
};
