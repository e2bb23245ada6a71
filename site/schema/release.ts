import { z } from "zod";
import { isSchedule } from "../schedule";
import {
  envField,
  imageField,
  labelsField,
  list,
  nameField,
  portField,
  releaseField,
  resourcesField,
  text,
  whole,
} from "./fields";
import { hostField, viaField } from "./ingress";

/** What the product delivers at a version, the same for every site: one file of releases/. */

const absolutePath = text(/^(\/[A-Za-z0-9_.-]+)+$/, "an absolute path such as /data");

/** A name for a port, as Kubernetes takes it. */
export const portNameField = text(
  /^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/,
  "a port name of at most 15 lower-case letters",
);

const workload = {
  namespace: nameField.describe("Namespace; one of the release's `namespaces`."),
  image: imageField.describe("Public image by registry, name, tag and digest."),
  command: list(z.string({ error: "a text" }), 100, "words")
    .default([])
    .describe("Replaces the image's own command. Default: the image's."),
  env: envField.default({}).describe("Variables, kept in a ConfigMap; never secrets."),
  ports: list(
    z.strictObject({
      name: portNameField.describe("Name of the port."),
      port: portField.describe("Port that the container listens on and the Service offers."),
    }),
    20,
    "ports",
  )
    .default([])
    .describe("Ports; a workload with any gets a Service of its name."),
  probe: z
    .strictObject({
      port: portField.describe("Port that is asked."),
      path: text(/^\/[!-~]*$/, "a path such as /healthz")
        .optional()
        .describe("HTTP path. Without it a TCP connection is enough."),
    })
    .optional()
    .describe("How Kubernetes sees that a Pod started, is ready and lives."),
  resources: resourcesField.describe("Requests and limits of each Pod."),
  labels: labelsField.default({}).describe("Further labels of the Pods."),
  nodeSelector: labelsField.default({}).describe("Labels that a node must carry."),
  mesh: z
    .boolean({ error: "true or false" })
    .optional()
    .describe(
      "Whether its Pods are in the mesh, at sites that have one. Default: as its namespace.",
    ),
};

const exposed = z.strictObject({
  port: portNameField.describe("Name of one of the workload's `ports`."),
  hosts: list(hostField, 20, "host names")
    .default([])
    .describe(
      "Host names; one without a dot is continued by the site's domain. Default: the workload's name.",
    ),
  path: text(/^(\/|(\/[A-Za-z0-9_.~-]+)+)$/, "a path such as / or /api")
    .default("/")
    .describe("Only requests whose path begins so."),
  via: viaField.optional().describe("Who serves it. Default: as the site says."),
});

const served = {
  expose: list(exposed, 20, "ports")
    .default([])
    .describe(
      "Ports that clients outside the cluster reach, at sites that have an ingress; each once.",
    ),
  replicas: whole(0, 1000, "Pods").default(1).describe("Pods wanted."),
  antiAffinity: z
    .enum(["required", "preferred", "none"], { error: "required, preferred or none" })
    .default("preferred")
    .describe("`required`: never two Pods on one host; `preferred`: as far apart as hosts allow."),
};

function kind<Kind extends "Deployment" | "StatefulSet" | "CronJob">(name: Kind) {
  return z.literal(name).describe("Kubernetes kind that starts the Pods.");
}

const deployment = z.strictObject({ kind: kind("Deployment"), ...workload, ...served });

const statefulSet = z.strictObject({
  kind: kind("StatefulSet"),
  ...workload,
  ...served,
  claims: list(
    z.strictObject({
      name: nameField.describe("Name of the claim and its volume."),
      mountPath: absolutePath.describe("Where it is mounted."),
      sizeGiB: whole(1, 65_536, "GiB").describe("Size in GiB."),
      storageClass: nameField
        .optional()
        .describe("Storage class. Default: the cluster's default class."),
    }),
    20,
    "claims",
  )
    .default([])
    .describe("Volumes that each Pod keeps when it moves."),
});

const scheduleNeeded = 'a schedule of five fields such as "30 2 * * *", or @daily';

const cronJob = z.strictObject({
  kind: kind("CronJob"),
  ...workload,
  schedule: z
    .string({ error: scheduleNeeded })
    .refine(isSchedule, { error: scheduleNeeded })
    .describe("When it runs, in the site's time zone."),
});

export const releaseSchema = z.strictObject({
  release: releaseField.describe("The release's own version; also the name of its file."),
  product: nameField.describe("Name of the product; the `part-of` label of everything it brings."),
  namespaces: z
    .record(
      nameField,
      z.strictObject({
        labels: labelsField.default({}).describe("Further labels."),
        mesh: z
          .boolean({ error: "true or false" })
          .default(true)
          .describe("Whether its workloads are in the mesh, at sites that have one."),
      }),
      { error: "an object of namespace name and settings" },
    )
    .describe("Namespaces that the product owns."),
  workloads: z
    .record(
      nameField,
      z.discriminatedUnion("kind", [deployment, statefulSet, cronJob], {
        error: "a kind: Deployment, StatefulSet or CronJob",
      }),
      { error: "an object of workload name and settings" },
    )
    .describe("What runs, by name."),
});

export type Release = z.output<typeof releaseSchema>;
export type ReleaseWorkload = Release["workloads"][string];
