import { z } from "zod";
import type { Blueprint } from "../../site/blueprint-types";

/** What is read of the API's objects. All else in them is dropped at once: a site has thousands of Pods' worth. */

const count = z.number().default(0);
const words = z.record(z.string(), z.string()).default({});
const time = z.string().nullish();

const metadata = z.object({
  name: z.string(),
  namespace: z.string().default(""),
  labels: words,
  annotations: words,
  creationTimestamp: time,
  deletionTimestamp: time,
  generation: count,
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
});

const ended = z.object({
  exitCode: count,
  reason: z.string().default(""),
  message: z.string().default(""),
});

const containerState = z
  .object({
    waiting: z
      .object({ reason: z.string().default(""), message: z.string().default("") })
      .optional(),
    running: z.object({}).optional(),
    terminated: ended.optional(),
  })
  .default({});

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: count,
  imageID: z.string().default(""),
  state: containerState,
  lastState: containerState,
});

const containers = z.array(z.object({ name: z.string(), image: z.string().default("") }));

export const podObject = z.object({
  metadata,
  spec: z.object({
    nodeName: z.string().default(""),
    containers,
    initContainers: containers.default([]),
  }),
  status: z
    .object({
      phase: z.string().default(""),
      reason: z.string().default(""),
      message: z.string().default(""),
      conditions: z.array(condition).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});

/** What starts Pods, of whichever kind: each kind fills in its own counts. */
export const controllerObject = z.object({
  metadata,
  spec: z.object({
    replicas: z.number().optional(),
    completions: z.number().optional(),
    suspend: z.boolean().default(false),
    template: z.object({ spec: z.object({ containers }) }).optional(),
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      readyReplicas: count,
      availableReplicas: count,
      updatedReplicas: count,
      desiredNumberScheduled: count,
      numberReady: count,
      updatedNumberScheduled: count,
      succeeded: count,
      failed: count,
      // A number of a Job's Pods, or the Jobs of a CronJob.
      active: z.union([z.number(), z.array(z.unknown())]).nullish(),
      startTime: time,
      completionTime: time,
      lastScheduleTime: time,
      lastSuccessfulTime: time,
      conditions: z.array(condition).nullish(),
    })
    .prefault({}),
});

export const eventObject = z.object({
  involvedObject: z.object({ kind: z.string().default(""), name: z.string().default("") }),
  reason: z.string().nullish(),
  message: z.string().nullish(),
  lastTimestamp: time,
  eventTime: time,
});

/** Kind of what starts a workload's Pods. */
export type Kind = Blueprint["workloads"][number]["kind"];

export type PodObject = z.output<typeof podObject>;
export type ControllerObject = z.output<typeof controllerObject>;
export type EventObject = z.output<typeof eventObject>;
export type ContainerStatus = PodObject["status"]["containerStatuses"][number];

/** Label of the Pods and the Deployment of a release that is tried on a part of the traffic. */
export const trackLabel = "sitewright/track";

/** Whether an object belongs to a workload's canary and not to the workload itself. */
export function isCanary({ metadata }: { readonly metadata: PodObject["metadata"] }): boolean {
  return metadata.labels[trackLabel] === "canary";
}

/** The condition of a type that holds, if it does. */
export function holding(
  conditions: readonly z.output<typeof condition>[] | null | undefined,
  type: string,
  status = "True",
) {
  return conditions?.find((one) => one.type === type && one.status === status);
}
