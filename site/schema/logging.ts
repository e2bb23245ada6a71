import { z } from "zod";
import { list, nameField, text, whole } from "./fields";
import { logOutputSchema, logStoreSchema } from "./log-output";
import { patternField } from "./log-patterns";

/** The site's `logging` key: where logs go, and what nodes keep of them meanwhile. */

const dropRule = z
  .strictObject({
    namespace: nameField.optional().describe("Namespace, by its name in Kubernetes."),
    workload: nameField.optional().describe("Workload."),
    container: nameField.optional().describe("Container."),
    matching: patternField.optional().describe("What the line matches."),
  })
  .refine((rule) => Object.values(rule).some((value) => value !== undefined), {
    error: "at least one of namespace, workload, container, matching",
  });

export const loggingSchema = z
  .strictObject({
    output: logOutputSchema.optional().describe("Where logs go: a system of the customer's."),
    inSite: logStoreSchema
      .optional()
      .describe("Elasticsearch and Kibana of the site's own, for customers without any."),
    maxOutageHours: whole(1, 168, "hours")
      .default(8)
      .describe("How long the output may be away with nothing lost."),
    busiestMiBPerHour: whole(1, 10_000, "MiB")
      .default(50)
      .describe("Most that one container writes in an hour, in MiB."),
    nodeMiBPerHour: whole(1, 100_000, "MiB")
      .default(500)
      .describe("Most that all containers of one node write in an hour, in MiB."),
    nodeFiles: z
      .strictObject({
        maxSizeMiB: whole(1, 10_240, "MiB").describe("Size at which a file is put aside."),
        maxFiles: whole(2, 100, "files").describe(
          "Files of one container, the current one among them.",
        ),
      })
      .optional()
      .describe(
        "What kubelets keep of each container's output. Default: what bridges the outage. A cluster that stands already keeps what it was made with: state that here.",
      ),
    diskQueueGiB: whole(1, 1000, "GiB")
      .optional()
      .describe(
        "Room on each node's disk for entries that were read and not yet taken. Absent: memory alone, and the nodes' own files.",
      ),
    hostFiles: list(
      text(
        /^\/var\/log\/[A-Za-z0-9_.*/-]{1,150}$/,
        "files below /var/log such as /var/log/messages or /var/log/audit/audit.log",
      ),
      20,
      "patterns of files",
    )
      .default([])
      .describe("Log files of the nodes themselves that are sent too; * stands for anything."),
    drop: list(dropRule, 50, "rules")
      .default([])
      .describe("Entries that are not sent: all of a rule that are stated must hold."),
    metricbeat: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe(
        "Whether Metricbeat sends figures of nodes and Pods there too, for customers who look at them in Kibana.",
      ),
  })
  .refine(({ output, inSite }) => (output === undefined) !== (inSite === undefined), {
    error: "either output or inSite",
  });

export type LoggingSettings = z.output<typeof loggingSchema>;
export type LogDropRule = z.output<typeof dropRule>;
