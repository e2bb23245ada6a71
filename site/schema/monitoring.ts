import { z } from "zod";
import {
  certificateField,
  list,
  nameField,
  resourcesField,
  secretNameField,
  text,
  whole,
} from "./fields";
import { viaField } from "./ingress";
import {
  linuxHostsSchema,
  probeSchema,
  targetGroupSchema,
  windowsHostsSchema,
} from "./monitoring-targets";

/** The site's `monitoring` key. */

const urlField = text(
  /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[^\s?#]*)?$/,
  "an address with its scheme, such as https://metrics.example.com/api/v1/write",
);

const remoteWriteSchema = z.strictObject({
  url: urlField.describe("Where figures are sent on to, in Prometheus' own protocol."),
  user: text(/^[^\s:]{1,100}$/, "a user name without spaces and colons")
    .optional()
    .describe("User that logs in by basic authentication; with `passwordSecret`."),
  passwordSecret: secretNameField.optional().describe("Secret with that user's password."),
  tokenSecret: secretNameField
    .optional()
    .describe("Secret with a bearer token, instead of user and password."),
  ca: certificateField
    .optional()
    .describe("Authority of its certificate. Absent: one that everybody knows signed it."),
  keep: text(/^[a-zA-Z0-9_:.*+|()[\]-]{1,500}$/, "a regular expression over names of figures")
    .optional()
    .describe("Names of the figures that are sent, as a regular expression. Default: all."),
});

export const monitoringSchema = z.strictObject({
  retentionDays: whole(1, 400, "days")
    .default(15)
    .describe("Days that figures are kept, as long as the volume holds them."),
  sizeGiB: whole(2, 10_000, "GiB")
    .default(50)
    .describe(
      "Volume of each Prometheus in GiB; the oldest figures go when 85 of 100 parts are used. Without storage at the site it is the most that a Pod may take on its node, and its figures go with the Pod.",
    ),
  alertmanagerSizeGiB: whole(1, 100, "GiB")
    .default(1)
    .describe("Volume of each Alertmanager in GiB: silences and what was already told."),
  storageClass: nameField
    .optional()
    .describe("Class of these volumes. Default: the site's default class."),
  replicas: z
    .union([z.literal(1), z.literal(2)], { error: "1 or 2" })
    .optional()
    .describe(
      "Pods of Prometheus, and of Alertmanager, each on a worker of its own. Default: 2 with two workers or more, else 1.",
    ),
  intervalSeconds: whole(5, 300, "seconds")
    .default(30)
    .describe("Seconds between two readings of a figure, and between two looks at rules."),
  resources: resourcesField
    .optional()
    .describe(
      "Requests and limits of each Prometheus. Default: from the number of nodes and workloads.",
    ),
  externalLabels: z
    .record(
      text(
        /^(?!__|site$|job$|instance$|prometheus$)[a-zA-Z_][a-zA-Z0-9_]{0,62}$/,
        "a label name of letters, digits and underscores; `site` is set already",
      ),
      text(/^[^\r\n]{1,200}$/, "a text of one line"),
      { error: "an object of label and text" },
    )
    .default({})
    .describe("Labels of everything that leaves this Prometheus, besides `site`."),
  remoteWrite: z
    .record(nameField, remoteWriteSchema, { error: "an object of name and address" })
    .default({})
    .describe("Where figures are sent on to as well, by a name for each."),
  remoteWriteReceiver: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether others may send figures into this Prometheus, which has no login."),
  grafana: z
    .strictObject({
      host: nameField
        .default("grafana")
        .describe("Name of Grafana's pages below the site's domain, where there is an ingress."),
      via: viaField.optional().describe("Who serves its pages. Default: as the site says."),
      sizeGiB: whole(0, 100, "GiB")
        .default(1)
        .describe(
          "Volume in GiB for users and preferences; dashboards come from the release. 0: none.",
        ),
    })
    .prefault({})
    .describe("Grafana, the pages of figures."),
  withoutLogin: list(
    z.enum(["prometheus", "alertmanager"], { error: "prometheus or alertmanager" }),
    2,
    "pages",
  )
    .default([])
    .describe(
      "Pages that are served to everybody who reaches the site's ingress although they have no login, below `prometheus` and `alertmanager`. Default: none; the operator reaches them through the API server.",
    ),
  hosts: linuxHostsSchema
    .optional()
    .describe("Linux machines that are no nodes, on which node exporter answers already."),
  windows: windowsHostsSchema
    .optional()
    .describe("Windows machines, on which windows_exporter answers already."),
  targets: z
    .record(nameField, targetGroupSchema, { error: "an object of job names and machines" })
    .default({})
    .describe("Everything else outside the cluster that shows figures, by the `job` they get."),
  probes: z
    .record(nameField, probeSchema, { error: "an object of names and what is asked" })
    .default({})
    .describe("Further addresses that are asked all the time, by name: the customer's own."),
});

export type MonitoringSettings = z.output<typeof monitoringSchema>;
