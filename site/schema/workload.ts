import { z } from "zod";
import { isSchedule } from "../schedule";
import { canaryField } from "./canary";
import { list, nameField, whole } from "./fields";
import { trafficField } from "./traffic";
import { metricsField } from "./workload-metrics";
import { exposeField, portsField } from "./workload-network";
import { podFields } from "./workload-pod";
import { sloField } from "./workload-slo";
import { claimFields, mountPathField } from "./workload-volumes";

/** One workload of a release, by the Kubernetes kind that starts its Pods. */

const common = {
  namespace: nameField.describe("Namespace; one of the release's `namespaces`."),
  ...podFields,
  ports: portsField,
  metrics: metricsField,
  mesh: z
    .boolean({ error: "true or false" })
    .optional()
    .describe(
      "Whether its Pods are in the mesh, at sites that have one. Default: as its namespace.",
    ),
  after: list(nameField, 20, "workloads")
    .default([])
    .describe(
      "Workloads of the release that must be up, or for a Job done, before this one is touched.",
    ),
};

const served = {
  expose: exposeField,
  traffic: trafficField,
  canary: canaryField,
  slo: sloField,
};

const replicated = {
  ...served,
  replicas: whole(0, 1000, "Pods").default(1).describe("Pods wanted."),
  antiAffinity: z
    .enum(["required", "preferred", "none"], { error: "required, preferred or none" })
    .default("preferred")
    .describe("`required`: never two Pods on one host; `preferred`: as far apart as hosts allow."),
};

function kind<Kind extends string>(name: Kind) {
  return z.literal(name).describe("Kubernetes kind that starts the Pods.");
}

const deployment = z.strictObject({ kind: kind("Deployment"), ...common, ...replicated });

const statefulSet = z.strictObject({
  kind: kind("StatefulSet"),
  ...common,
  ...replicated,
  claims: list(
    z.strictObject({
      name: nameField.describe("Name of the claim and its volume."),
      mountPath: mountPathField.describe("Where it is mounted."),
      ...claimFields,
    }),
    20,
    "claims",
  )
    .default([])
    .describe("Volumes that each Pod keeps when it moves."),
});

const daemonSet = z.strictObject({
  kind: kind("DaemonSet"),
  ...common,
  ...served,
  nodes: z
    .enum(["workers", "all"], { error: "workers or all" })
    .default("workers")
    .describe("`workers`: nodes that take ordinary Pods; `all`: every node, whatever its taints."),
});

const job = z.strictObject({
  kind: kind("Job"),
  ...common,
  migratesData: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether it changes data in a way that an earlier release does not undo."),
});

const scheduleNeeded = 'a schedule of five fields such as "30 2 * * *", or @daily';

const cronJob = z.strictObject({
  kind: kind("CronJob"),
  ...common,
  schedule: z
    .string({ error: scheduleNeeded })
    .refine(isSchedule, { error: scheduleNeeded })
    .describe("When it runs, in the site's time zone."),
});

export const workloadSchema = z.discriminatedUnion(
  "kind",
  [deployment, statefulSet, daemonSet, job, cronJob],
  { error: "a kind: Deployment, StatefulSet, DaemonSet, Job or CronJob" },
);

export type ReleaseWorkload = z.output<typeof workloadSchema>;
