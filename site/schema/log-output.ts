import { z } from "zod";
import { certificateField, list, nameField, secretNameField, text, whole } from "./fields";
import { hostField, viaField } from "./ingress";

/** Where a site's logs go: the kinds of `logging.output`, and of our own store. */

const hostsField = list(
  text(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*:([1-9][0-9]{0,4})$/,
    "an address or DNS name and port such as 192.0.2.70:9092",
  ),
  50,
  "servers",
).min(1, { error: "at least one server" });

const tlsField = z
  .strictObject({
    ca: certificateField
      .optional()
      .describe("Authority of the servers' certificates, where no public one signed them."),
    verification: z
      .enum(["full", "certificate"], { error: "full or certificate" })
      .default("full")
      .describe("`certificate`: the authority counts, the name in the certificate does not."),
    certificateSecret: secretNameField
      .optional()
      .describe(
        "Secret with a certificate of our own, in PEM form, where the servers ask for one.",
      ),
    keySecret: secretNameField.optional().describe("Secret with the key of that certificate."),
  })
  .refine(
    ({ certificateSecret, keySecret }) =>
      (certificateSecret === undefined) === (keySecret === undefined),
    { error: "certificateSecret and keySecret together, or neither" },
  )
  .optional()
  .describe("Present where the servers speak TLS.");

const lineField = z
  .enum(["9", "7.17"], { error: '"9" or "7.17", in quotes' })
  .default("9")
  .describe(
    "Line of Filebeat and Metricbeat. `7.17` for Elasticsearch 7 and what comes from it; it reads no compressed files, which shortens the outage that nodes bridge.",
  );

const common = {
  hosts: hostsField.describe("Servers, all of them: host:port each."),
  tls: tlsField,
  line: lineField,
  bulkEvents: whole(50, 10_000, "entries")
    .optional()
    .describe("Most entries that are sent at once. Default: 1600 for Elasticsearch, else 2048."),
};

const userField = text(/^[A-Za-z0-9_.@-]{1,100}$/, "a user name such as filebeat");

const topicField = text(
  /^[A-Za-z0-9_.-]{1,200}$/,
  "a topic of at most 200 letters, digits, dots, hyphens and underscores",
);

const elasticsearch = z
  .strictObject({
    ...common,
    user: userField.optional().describe("User; its password is `passwordSecret`."),
    passwordSecret: secretNameField.optional().describe("Secret with the user's password."),
    apiKeySecret: secretNameField
      .optional()
      .describe("Secret with an API key as id:key, in place of user and password."),
    index: text(/^[a-z0-9][a-z0-9_.-]{0,150}$/, "an index name in lower case without spaces")
      .optional()
      .describe(
        "Data stream; with line 7.17 the beginning of one index a day. Default: logs-<product>-<site>. The servers' own template for `logs-*-*` serves it.",
      ),
    compressionLevel: whole(0, 9, "levels of compression")
      .default(3)
      .describe("How hard entries are compressed; 0 is not at all."),
  })
  .refine(
    ({ user, passwordSecret, apiKeySecret }) =>
      (user === undefined) === (passwordSecret === undefined) &&
      (user === undefined || apiKeySecret === undefined),
    { error: "user with passwordSecret, or apiKeySecret, or neither" },
  );

const logstash = z.strictObject({
  ...common,
  compressionLevel: whole(0, 9, "levels of compression")
    .default(3)
    .describe("How hard entries are compressed; 0 is not at all."),
});

const kafka = z.strictObject({
  ...common,
  topic: topicField
    .optional()
    .describe("Topic. Default: logs.<site>. All brokers must be among `hosts`."),
  sasl: z
    .strictObject({
      mechanism: z
        .enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], {
          error: "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
        })
        .default("SCRAM-SHA-512")
        .describe("How the password is shown to be known."),
      user: userField.describe("User."),
      passwordSecret: secretNameField.describe("Secret with the user's password."),
    })
    .optional()
    .describe("Present where the brokers ask who is there."),
  version: text(/^[0-9]+\.[0-9]+\.[0-9]+$/, "a version such as 2.1.0")
    .default("2.1.0")
    .describe("Oldest protocol that the brokers and we speak; 2.1.0 and later suit Kafka 4."),
  acknowledgedBy: z
    .enum(["all", "leader"], { error: "all or leader" })
    .default("all")
    .describe("Replicas that must have an entry before it counts as sent."),
  compression: z
    .enum(["none", "gzip", "snappy", "lz4"], { error: "none, gzip, snappy or lz4" })
    .default("lz4")
    .describe("How entries are compressed."),
  maxEventKiB: whole(64, 10_240, "KiB")
    .default(900)
    .describe("Most that one entry holds; the brokers' message.max.bytes must be above it."),
});

export const logOutputSchema = z
  .strictObject({
    elasticsearch: elasticsearch.optional().describe("Elasticsearch of the customer's."),
    logstash: logstash.optional().describe("Logstash of the customer's."),
    kafka: kafka.optional().describe("Kafka of the customer's."),
  })
  .refine((given) => Object.values(given).filter((one) => one !== undefined).length === 1, {
    error: "just one of elasticsearch, logstash, kafka",
  });

export const logStoreSchema = z.strictObject({
  replicas: z
    .union([z.literal(1), z.literal(3)], { error: "1 or 3" })
    .optional()
    .describe("Servers, each on a worker of its own. Default: 3 with three workers, else 1."),
  sizeGiB: whole(5, 20_000, "GiB").default(50).describe("Volume of each server in GiB."),
  storageClass: nameField
    .optional()
    .describe("Class of these volumes. Default: the site's default class."),
  memoryGiB: whole(2, 64, "GiB").default(2).describe("Memory of each server in GiB."),
  keepDays: whole(1, 3650, "days")
    .default(14)
    .describe("Days after which entries go; earlier where the volumes fill up."),
  host: hostField
    .default("kibana")
    .describe("Name of Kibana's pages below the site's domain, at sites that have an ingress."),
  via: viaField.optional().describe("Who serves its pages. Default: as the site says."),
});

export type LogOutputSettings = z.output<typeof logOutputSchema>;
export type LogStoreSettings = z.output<typeof logStoreSchema>;
