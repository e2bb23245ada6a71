import { z } from "zod";
import { list, text, whole } from "./fields";
import { excludeField, fieldsField, formatField, multilineField } from "./log-patterns";

/** What a workload's logs are, and files that it writes besides its standard output. */

const pathNeeded =
  "a file in a folder of its own such as /var/log/app/app.log or /var/log/app/*.log; * only in the last part";

const logFile = z.strictObject({
  path: text(/^(\/[A-Za-z0-9_.-]+)+\/[A-Za-z0-9_.*-]+$/, pathNeeded)
    .max(200, { error: "a path of at most 200 letters" })
    .refine((path) => !path.split("/").some((part) => /^\.\.?$/.test(part)), { error: pathNeeded })
    .describe(
      "Files, by a pattern. Their folder becomes a volume that goes with the Pod: nothing of the image is seen there.",
    ),
  format: formatField,
  multiline: multilineField,
  exclude: excludeField,
  fields: fieldsField,
});

export const logsField = z
  .strictObject({
    format: formatField,
    multiline: multilineField,
    exclude: excludeField,
    files: list(logFile, 10, "files")
      .default([])
      .describe(
        "Log files that are sent by a container beside the workload, at sites with `logging`. Elsewhere only their folders are there.",
      ),
    filesMiB: whole(16, 102_400, "MiB")
      .default(512)
      .describe("Most that each of these folders holds in MiB; whoever writes there rotates."),
  })
  .prefault({})
  .describe("What the workload writes about itself. Default: text on its standard output.");

export type WorkloadLogsSettings = z.output<typeof logsField>;
