import { z } from "zod";
import { list, taggedImageField, text } from "./fields";

/** Pins of what the platform is made of: catalogue/platform.yaml and catalogue/crds.yaml. */

const versionField = text(/^v?[0-9][A-Za-z0-9.-]*$/, "a version");
const minorField = text(/^1\.[0-9]{1,2}$/, 'a Kubernetes minor in quotes, such as "1.33"');

const pin = z.strictObject({
  version: versionField.describe("Version of the chart or program."),
  kubernetes: z
    .strictObject({
      least: minorField.optional().describe("First Kubernetes minor that it supports."),
      most: minorField.optional().describe("Last Kubernetes minor that it supports."),
    })
    .default({})
    .describe("Kubernetes minors that the version supports. Default: any."),
  images: list(taggedImageField, 100, "images")
    .default([])
    .describe("Every image that it starts, also those that no manifest shows."),
});

const pins = z.record(text(/^[a-z][a-z0-9-]*$/, "a name"), pin, {
  error: "an object of name and pin",
});

/** catalogue/platform.yaml */
export const platformSchema = z.strictObject({
  charts: pins.describe("Helm charts, by the chart's own name."),
  programs: pins.describe("What is installed by manifests of our own, by name."),
});

/** catalogue/crds.yaml: sets of custom resource definitions. */
export const crdsSchema = z.record(
  text(/^[a-z][a-z0-9-]*$/, "a name"),
  z.strictObject({
    version: versionField.describe("Version of the project that defines them."),
    groups: z.record(
      text(/^[a-z0-9.-]+\.[a-z]+$/, "an API group"),
      list(
        z.strictObject({
          kind: text(/^[A-Z][A-Za-z0-9]*$/, "a kind").describe("Kind of the resource."),
          plural: text(/^[a-z]+$/, "a plural").describe("Its name in paths."),
          versions: list(text(/^v[0-9][a-z0-9]*$/, "an API version"), 5, "versions")
            .min(1, { error: "at least one version" })
            .describe("Served versions, the stored one first."),
          scope: z
            .enum(["Namespaced", "Cluster"])
            .default("Namespaced")
            .describe("Whether objects live in a namespace."),
        }),
        50,
        "kinds",
      ),
    ),
  }),
);

export type PlatformCatalogue = z.output<typeof platformSchema>;
export type CrdCatalogue = z.output<typeof crdsSchema>;
export type CrdSet = CrdCatalogue[string];
