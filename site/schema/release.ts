import { z } from "zod";
import { namespaceDeliverySchema } from "./delivery";
import { labelsField, nameField, releaseField } from "./fields";
import { podSecurityField } from "./pod-security";
import { businessMetricsField, releaseRulesField } from "./release-rules";
import { workloadSchema } from "./workload";
import { egressField, externalSchema } from "./workload-network";
import { releaseSecretsField } from "./workload-secrets";
import { releaseVolumesField } from "./workload-volumes";

/** What the product delivers at a version, the same for every site: one file of releases/. */

const namespaceSchema = z.strictObject({
  labels: labelsField.default({}).describe("Further labels."),
  mesh: z
    .boolean({ error: "true or false" })
    .default(true)
    .describe("Whether its workloads are in the mesh, at sites that have one."),
  podSecurity: podSecurityField,
  egress: egressField
    .default([])
    .describe(
      "Ways out of the cluster for its Pods. With any, at the site or here, there is no other.",
    ),
  delivery: namespaceDeliverySchema
    .optional()
    .describe("Who deploys its workloads; a site may say otherwise. Default: the deployment."),
});

export const releaseSchema = z.strictObject({
  release: releaseField.describe("The release's own version; also the name of its file."),
  base: releaseField
    .optional()
    .describe(
      "An earlier release that this one builds on; the file then states only what it changes.",
    ),
  product: nameField.describe("Name of the product; the `part-of` label of everything it brings."),
  namespaces: z
    .record(nameField, namespaceSchema, {
      error: "an object of namespace name and settings",
    })
    .describe("Namespaces that the product owns."),
  workloads: z
    .record(nameField, workloadSchema, { error: "an object of workload name and settings" })
    .describe("What runs, by name."),
  secrets: releaseSecretsField,
  volumes: releaseVolumesField,
  externals: z
    .record(nameField, externalSchema, { error: "an object of name and settings" })
    .default({})
    .describe("Services outside the cluster that workloads call by a name within it."),
  rules: releaseRulesField,
  businessMetrics: businessMetricsField,
});

export type Release = z.output<typeof releaseSchema>;
