import { z } from "zod";
import {
  addressField,
  certificateField,
  domainField,
  nameField,
  portField,
  secretNameField,
  text,
  whole,
} from "./fields";

/** The site's `configCentre` key, and what a workload keeps there. */

const consulSchema = z.strictObject({
  kind: z.literal("consul").describe("Consul in the cluster, installed by Sitewright."),
  acceptLicence: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Whether Consul's licence, BUSL-1.1, was read and allows the use at this site: running it is allowed, offering it to others as a service that competes with its producer's is not.",
    ),
  replicas: z
    .union([z.literal(1), z.literal(3)], { error: "1 or 3" })
    .optional()
    .describe(
      "Servers, each on a worker of its own. Default: 3 with three workers or more, else 1.",
    ),
  sizeGiB: whole(1, 1000, "GiB").default(10).describe("Volume of each server in GiB."),
  storageClass: nameField
    .optional()
    .describe("Class of these volumes. Default: the site's default class."),
});

const externalSchema = z.strictObject({
  kind: z.literal("external").describe("A Consul that the customer has."),
  address: addressField.describe("Where it answers; Pods must be able to reach it."),
  port: portField.default(8500).describe("TCP port of its HTTP API; 8501 is usual with TLS."),
  tokenSecret: secretNameField.describe(
    "Secret with a token that may read and write all keys below the product's name.",
  ),
  tls: z
    .strictObject({
      ca: certificateField
        .optional()
        .describe("Authority of its certificate, where no public one signed it."),
      serverName: domainField
        .optional()
        .describe("Name that its certificate is for, where that is not its address."),
    })
    .optional()
    .describe("Present where it answers by HTTPS."),
});

export const configCentreSchema = z.discriminatedUnion("kind", [consulSchema, externalSchema], {
  error: "a kind: consul or external",
});

/** Most that the entries of one workload hold together: a ConfigMap ends at 1 MiB, and they grow on the way there. */
const mostBytes = 256 * 1024;

const keyField = text(
  /^(?=.{1,200}$)(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
  "a key of at most 200 letters, digits, dots, hyphens and underscores in parts between slashes, such as database/pool",
);

/** Entries of a workload in the site's config centre. */
export const centreField = z
  .record(keyField, z.string({ error: "a text" }), { error: "an object of key and text" })
  .refine(
    (entries) =>
      Object.values(entries).reduce((sum, value) => sum + Buffer.byteLength(value), 0) <= mostBytes,
    { error: `entries of at most ${mostBytes / 1024} KiB together; larger ones are files` },
  )
  .optional()
  .describe(
    "Entries in the site's config centre by key, below `<product>/<namespace>/<workload>/`; never secrets. Whatever else is below that goes. Absent: the workload has nothing to do with it.",
  );

export type ConfigCentre = z.output<typeof configCentreSchema>;
