import { z } from "zod";
import { addressOrDomainField, imageField, nameField, text, whole } from "./fields";

/** What is mounted into the containers of a workload. */

const pathNeeded = "an absolute path such as /data, without . or ..";

/** Where something is mounted in a container, or a file or folder of an image or a host. */
export const mountPathField = text(/^(\/[A-Za-z0-9_.-]+)+$/, pathNeeded)
  .max(200, { error: "a path of at most 200 letters" })
  .refine((path) => !path.split("/").some((part) => part === "." || part.startsWith("..")), {
    error: pathNeeded,
  });

const sizeGiB = whole(1, 65_536, "GiB");
const sizeMiB = whole(1, 1_048_576, "MiB");

/** What a claim asks for, apart from who may mount it. */
export const claimFields = {
  sizeGiB: sizeGiB.describe("Size in GiB."),
  storageClass: nameField
    .optional()
    .describe(
      "Storage class. Default: the cluster's default class; for what Pods of several nodes mount, the first that can do so.",
    ),
};

/** Where a site's claim differs from the release's. */
export const storageDifferenceSchema = z.strictObject({
  sizeGiB: sizeGiB.optional().describe("Size in GiB."),
  storageClass: nameField.optional().describe("Storage class."),
});

const sources = {
  claim: z
    .strictObject({
      ...claimFields,
      shared: z
        .boolean({ error: "true or false" })
        .default(false)
        .describe("Whether Pods on several nodes mount it at once."),
    })
    .optional()
    .describe("A volume of the workload's own, kept when the workload goes."),
  shared: nameField
    .optional()
    .describe("One of the release's `volumes`, which other workloads mount too."),
  nfs: z
    .strictObject({
      server: addressOrDomainField.describe("The NFS server."),
      path: mountPathField.describe("Folder that it exports."),
    })
    .optional()
    .describe("A folder of an NFS server; needs Pod security `baseline`."),
  hostPath: z
    .strictObject({ path: mountPathField.describe("Folder of the node.") })
    .optional()
    .describe(
      "A folder of the node, at sites that allow it under `hostPaths`; needs Pod security `privileged`.",
    ),
  image: z
    .strictObject({
      image: imageField.describe("Public image by registry, name, tag and digest; needs `cp`."),
      path: mountPathField.describe("Folder of the image that is copied."),
      sizeMiB: sizeMiB.describe("Most that it may hold in MiB."),
    })
    .optional()
    .describe("A folder of another image, such as fonts, copied before the workload starts."),
  emptyDir: z
    .strictObject({ sizeMiB: sizeMiB.describe("Most that it may hold in MiB.") })
    .optional()
    .describe("Room on the node's disk that goes with the Pod."),
  memory: z
    .strictObject({ sizeMiB: sizeMiB.describe("Most that it may hold in MiB.") })
    .optional()
    .describe("Room in memory that goes with the Pod and counts towards its limit."),
};

/** Kinds of volume, one of which each volume is. */
export const volumeSources = [
  "claim",
  "shared",
  "nfs",
  "hostPath",
  "image",
  "emptyDir",
  "memory",
] as const satisfies readonly (keyof typeof sources)[];

const volume = z
  .strictObject({
    mountPath: mountPathField.describe("Where it is mounted."),
    readOnly: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe("Whether the workload only reads it; of an `image` it always does."),
    ...sources,
  })
  .refine((given) => volumeSources.filter((source) => given[source] !== undefined).length === 1, {
    error: `just one of ${volumeSources.join(", ")}`,
  });

/** Name of a volume of a workload: leaves room for what is put before it. */
const volumeNameField = text(
  /^[a-z]([a-z0-9-]{0,39}[a-z0-9])?$/,
  "a name of at most 41 lower-case letters, digits and hyphens",
);

export const volumesField = z
  .record(volumeNameField, volume, { error: "an object of volume name and settings" })
  .default({})
  .describe("Volumes besides the `claims` of a StatefulSet, by name.");

export const releaseVolumesField = z
  .record(
    nameField,
    z.strictObject({
      namespace: nameField.describe("Namespace of the workloads that mount it."),
      ...claimFields,
    }),
    { error: "an object of volume name and settings" },
  )
  .default({})
  .describe("Volumes that several workloads mount at once, kept when they go.");

export type ReleaseVolume = z.output<typeof volume>;
