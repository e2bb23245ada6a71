import { z } from "zod";
import {
  addressOrDomainField,
  certificateField,
  nameField,
  portField,
  secretNameField,
  text,
  whole,
} from "./fields";
import { viaField } from "./ingress";

/** The site's `nightingale` key: pages over figures and rules, with people and teams of their own. */

const engineField = z.enum(["mysql", "postgres"], { error: "mysql or postgres" });

const tlsField = z
  .strictObject({
    ca: certificateField
      .optional()
      .describe("Authority of its certificate, where no public one signed it."),
  })
  .optional();

const nameNeeded = "a name of letters, digits, hyphens and underscores";
const accountField = text(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/, nameNeeded);

const databaseSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("own").describe("One in the cluster, for Nightingale alone."),
      engine: engineField.default("mysql").describe("What it is."),
      sizeGiB: whole(5, 1000, "GiB").default(20).describe("Its volume in GiB."),
      storageClass: nameField
        .optional()
        .describe("Class of that volume. Default: the site's default class."),
    }),
    z.strictObject({
      kind: z.literal("external").describe("A database that the customer has."),
      engine: engineField.describe("What it is."),
      host: addressOrDomainField.describe("Where it answers; Pods must be able to reach it."),
      port: portField
        .optional()
        .describe("Its TCP port. Default: 3306 of mysql, 5432 of postgres."),
      name: accountField
        .default("n9e_v6")
        .describe("Name of the database, which is there already; its tables are made."),
      user: accountField.describe("Who logs in; everything in that database is allowed to them."),
      passwordSecret: secretNameField.describe("Secret with their password."),
      tls: tlsField.describe("Present where it is spoken to by TLS; its host is then checked."),
    }),
  ],
  { error: "a kind: own or external" },
);

const redisSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z
        .literal("own")
        .describe("One in the cluster, for Nightingale alone. It holds sessions and no data."),
    }),
    z.strictObject({
      kind: z.literal("external").describe("A Redis that the customer has."),
      host: addressOrDomainField.describe("Where it answers; Pods must be able to reach it."),
      port: portField.default(6379).describe("Its TCP port."),
      user: accountField.optional().describe("Who logs in. Absent: a password alone does."),
      passwordSecret: secretNameField.optional().describe("Secret with the password."),
      tls: tlsField.describe("Present where it is spoken to by TLS; its host is then checked."),
    }),
  ],
  { error: "a kind: own or external" },
);

export const nightingaleSchema = z.strictObject({
  host: nameField
    .default("nightingale")
    .describe("Name of its pages below the site's domain, at sites that have an ingress."),
  via: viaField.optional().describe("Who serves its pages. Default: as the site says."),
  replicas: whole(1, 5, "Pods")
    .optional()
    .describe("Pods of it. Default: 2 with two workers or more, else 1."),
  rootPasswordSecret: secretNameField
    .optional()
    .describe("Secret with the password of its user `root`. Absent: a random one is made."),
  notifies: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether Nightingale tells people, in place of Alertmanager: by the receivers and teams of `alerts`. With false it shows alerts and tells nobody.",
    ),
  historyDays: whole(1, 3650, "days")
    .default(365)
    .describe("How long past alerts are kept in its database, in days."),
  database: databaseSchema
    .prefault({ kind: "own" })
    .describe("Where rules, people and past alerts are kept."),
  redis: redisSchema.prefault({ kind: "own" }).describe("Where sessions are kept."),
});

export type NightingaleSettings = z.output<typeof nightingaleSchema>;
export type NightingaleDatabase = NightingaleSettings["database"];
export type NightingaleRedis = NightingaleSettings["redis"];
