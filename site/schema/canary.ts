import { z } from "zod";
import { imageField, whole } from "./fields";
import { headerField } from "./traffic";

/** Another image of a Deployment, tried on a part of the requests. */

const weightNeeded = "a weight: a whole number from 0 to 100, promote or abort";

const weightField = z.union(
  [
    z
      .number({ error: weightNeeded })
      .int({ error: weightNeeded })
      .min(0, { error: weightNeeded })
      .max(100, { error: weightNeeded }),
    z.enum(["promote", "abort"], { error: weightNeeded }),
  ],
  { error: weightNeeded },
);

const canaryKeys = {
  weight: weightField
    .optional()
    .describe(
      "Requests in a hundred that it gets; `promote`: the workload itself runs its image, and the canary goes; `abort`: the canary goes. Default: `abort`.",
    ),
  headers: z
    .record(headerField, z.string({ error: "a text" }).min(1, { error: "a text" }), {
      error: "an object of header name and value",
    })
    .optional()
    .describe("Requests with all of these headers go to it, whatever the weight."),
  replicas: whole(1, 1000, "Pods")
    .optional()
    .describe(
      "Pods that it has. Default: its part of the workload's Pods by weight, at least one.",
    ),
};

/** The `canary` key of a release's workload. */
export const canaryField = z
  .strictObject({
    image: imageField.describe("Image that is tried, by registry, name, tag and digest."),
    ...canaryKeys,
  })
  .optional()
  .describe("Another image of a Deployment that gets a part of the requests.");

/** What a site states of it. */
export const canaryDifferenceField = z
  .strictObject(canaryKeys)
  .optional()
  .describe("How far the release's canary has come here.");

export type Canary = NonNullable<z.output<typeof canaryField>>;
export type CanaryWeight = z.output<typeof weightField>;
