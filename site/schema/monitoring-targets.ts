import { z } from "zod";
import {
  addressOrDomainField,
  certificateField,
  domainField,
  list,
  nameField,
  portField,
  secretNameField,
  text,
  whole,
} from "./fields";

/** What the site's `monitoring` key says of machines and addresses that are no part of the cluster. */

/** Labels of figures; not those of Kubernetes, which may hold dots. */
const figureLabelsField = z.record(
  text(
    /^(?!__|job$|instance$)[a-zA-Z_][a-zA-Z0-9_]{0,62}$/,
    "a label name of letters, digits and underscores, none of Prometheus' own (job, instance, __…)",
  ),
  text(/^[^\r\n]{0,200}$/, "a text of one line"),
  { error: "an object of label and text" },
);

/** How somebody who wants a login and TLS is spoken to. */
const accessFields = {
  user: text(/^[^\s:]{1,100}$/, "a user name without spaces and colons")
    .optional()
    .describe(
      "User that logs in by basic authentication; with `passwordSecret`. Absent: no login.",
    ),
  passwordSecret: secretNameField.optional().describe("Secret with that user's password."),
  tls: z
    .strictObject({
      ca: certificateField
        .optional()
        .describe("Authority of its certificate. Absent: one that everybody knows signed it."),
      serverName: domainField
        .optional()
        .describe("Name in its certificate. Default: what it is called by."),
    })
    .optional()
    .describe("States that TLS is spoken (`tls: {}` is enough). Absent: plain HTTP."),
};

const pathNeeded = "a path such as /metrics";

function exporterGroup(port: z.ZodType<number>, machines: string) {
  return z.strictObject({
    port,
    path: text(/^\/[^\s?#]{0,200}$/, pathNeeded)
      .default("/metrics")
      .describe("Where the figures are."),
    intervalSeconds: whole(5, 3600, "seconds")
      .optional()
      .describe("Seconds between two readings. Default: as everywhere at the site."),
    ...accessFields,
    machines: z
      .record(
        nameField,
        z.strictObject({
          address: addressOrDomainField
            .optional()
            .describe("Where it answers. Default: the address of the site's host of this name."),
          port: portField.optional().describe("Port of this machine, where it differs."),
          labels: figureLabelsField.default({}).describe("Further labels of its figures."),
        }),
        { error: "an object of machine names and settings" },
      )
      .refine((all) => Object.keys(all).length > 0, { error: "at least one machine" })
      .describe(machines),
  });
}

/** Hosts with node exporter, which is there already: nothing is installed on machines that are no nodes. */
export const linuxHostsSchema = exporterGroup(
  portField.default(9100).describe("Port of node exporter."),
  "Machines that are no nodes of the cluster, by name: hosts of this site such as the registry's, and further ones.",
);

export const windowsHostsSchema = exporterGroup(
  portField.default(9182).describe("Port of windows_exporter."),
  "Windows machines by name.",
);

/** Anything else that shows figures in Prometheus' format. */
export const targetGroupSchema = exporterGroup(
  portField.describe("Port that the figures are read from."),
  "Machines that show these figures, by name.",
);

const urlNeeded =
  "an address with its scheme and nothing secret in it, such as https://erp.example.com/health or tcp://192.0.2.9:1521";

/** Something that the site depends on, or that depends on it, asked from within the cluster. */
export const probeSchema = z.strictObject({
  url: text(/^(https?|tcp|tls):\/\/[^\s@/?#]+(\/[^\s#]*)?$/, urlNeeded).describe(
    "What is asked: `http`, `https`, or with `tcp` and `tls` whether a connection comes about.",
  ),
  expectedStatus: list(whole(100, 599, "an HTTP status"), 20, "statuses")
    .default([])
    .describe("Answers that count as good, for HTTP. Default: 200 to 299."),
  contains: text(/^[^\r\n]{1,200}$/, "a text of one line")
    .optional()
    .describe("Text that the answer must hold, for HTTP."),
  intervalSeconds: whole(10, 3600, "seconds")
    .default(60)
    .describe("Seconds between two questions."),
  timeoutSeconds: whole(1, 60, "seconds").default(10).describe("Seconds until no answer is one."),
  user: accessFields.user,
  passwordSecret: accessFields.passwordSecret,
  ca: certificateField
    .optional()
    .describe("Authority of its certificate. Absent: one that everybody knows signed it."),
  clientCertificateSecret: secretNameField
    .optional()
    .describe("Secret with the certificate that the probe shows, where TLS is mutual."),
  clientKeySecret: secretNameField.optional().describe("Secret with that certificate's key."),
  labels: figureLabelsField.default({}).describe("Further labels of its figures."),
});

export type ExporterGroup = z.output<typeof targetGroupSchema>;
export type ProbeSettings = z.output<typeof probeSchema>;
