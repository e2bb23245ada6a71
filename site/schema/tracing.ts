import { z } from "zod";
import {
  certificateField,
  cidrField,
  list,
  nameField,
  secretNameField,
  text,
  whole,
} from "./fields";
import { viaField } from "./ingress";
import { samplingField } from "./sampling";

/** The site's `tracing` key: what collects traces of requests, keeps them and shows them. */

const memorySchema = z.strictObject({
  kind: z
    .literal("memory")
    .describe("In the memory of one Pod: the newest traces, gone when it starts again."),
  traces: whole(1000, 1_000_000, "traces")
    .default(20_000)
    .describe("Traces kept; the oldest go first. Count on 20 KiB for each."),
});

const elasticsearchSchema = z.strictObject({
  kind: z
    .literal("elasticsearch")
    .describe("In an Elasticsearch, of the site's or the customer's."),
  url: text(
    /^https?:\/\/[A-Za-z0-9.-]+:\d{1,5}$/,
    "an address with scheme and port and nothing behind them, such as https://search.example.com:9200",
  ).describe("Where it answers; Pods must be able to reach it."),
  networks: list(cidrField, 20, "networks")
    .default([])
    .describe(
      "Networks that it answers in, which is all that traces are let out to. Not needed where the URL names an IP address, or a Service as `<name>.<namespace>.svc…`.",
    ),
  user: text(/^[A-Za-z0-9_.@-]{1,100}$/, "a user name such as traces")
    .optional()
    .describe("User that logs in. Absent: nobody logs in."),
  passwordSecret: secretNameField.optional().describe("Secret with the user's password."),
  ca: certificateField
    .optional()
    .describe("Authority of its certificate, where no public one signed it."),
});

export const tracingSchema = z.strictObject({
  kind: z
    .enum(["jaeger", "zipkin", "skywalking"], { error: "jaeger, zipkin or skywalking" })
    .default("jaeger")
    .describe(
      "What collects traces and shows them. The mesh sends its own there, and workloads with `traces` theirs.",
    ),
  storage: z
    .discriminatedUnion("kind", [memorySchema, elasticsearchSchema], {
      error: "a kind: memory or elasticsearch",
    })
    .prefault({ kind: "memory" })
    .describe("Where traces are kept."),
  retentionDays: whole(1, 365, "days")
    .default(7)
    .describe("Days that traces are kept in Elasticsearch; older ones are removed every night."),
  samplingPercent: samplingField,
  host: nameField
    .optional()
    .describe(
      "Name of its pages below the site's domain, at sites that have an ingress. They ask nobody for a password: whoever reaches the ingress can read every trace. Absent: reached by a forwarded port only.",
    ),
  via: viaField.optional().describe("Who serves its pages. Default: as the site says."),
});

export type TracingSettings = z.output<typeof tracingSchema>;
