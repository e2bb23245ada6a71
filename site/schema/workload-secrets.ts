import { z } from "zod";
import { text, whole } from "./fields";
import { mountPathField } from "./workload-volumes";

/** Configuration files and secrets of workloads. */

/** Most that the files of one workload hold together: a ConfigMap ends at 1 MiB. */
const mostFileBytes = 512 * 1024;

const variableField = text(
  /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
  "a variable name of letters, digits and underscores",
);

/** Name of a secret within a release; also its key in Kubernetes, and its name among the stack's secrets. */
export const releaseSecretField = text(
  /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "a name of at most 63 lower-case letters, digits and hyphens, beginning with a letter",
);

export const filesField = z
  .record(mountPathField, z.string({ error: "a text" }), {
    error: "files as an object of path and text",
  })
  .refine(
    (files) =>
      Object.values(files).reduce((sum, content) => sum + Buffer.byteLength(content), 0) <=
      mostFileBytes,
    {
      error: `files of at most ${mostFileBytes / 1024} KiB together; larger ones belong in an image`,
    },
  )
  .default({})
  .describe("Files that the containers read, by path, kept in a ConfigMap; never secrets.");

export const secretEnvField = z
  .record(variableField, releaseSecretField, {
    error: "an object of variable and name of one of the release's secrets",
  })
  .default({})
  .describe("Variables with one of the release's `secrets` each, by name.");

export const secretFilesField = z
  .record(mountPathField, releaseSecretField, {
    error: "an object of path and name of one of the release's secrets",
  })
  .default({})
  .describe("Files with one of the release's `secrets` each, by path.");

const secretNeeded = "either `random` or `given: true`";

/** A secret of the release: what it is, never its value. */
const secret = z
  .strictObject({
    random: z
      .strictObject({
        length: whole(16, 128, "characters").default(32).describe("Letters and digits."),
      })
      .optional()
      .describe("Made once for each site and kept in the stack's state."),
    given: z
      .literal(true, { error: "true, or nothing" })
      .optional()
      .describe("Stands in the stack's `sitewright:secrets`, under the same name."),
  })
  .refine(({ random, given }) => (random === undefined) !== (given === undefined), {
    error: secretNeeded,
  });

export const releaseSecretsField = z
  .record(releaseSecretField, secret, { error: "an object of secret name and where it comes from" })
  .default({})
  .describe(
    "Secrets that workloads read by name. A site may take any of them from its stack's secrets instead.",
  );
