import { z } from "zod";
import { text } from "./fields";

/** Levels of Pod security, the strictest first. */
export const podSecurityLevels = ["restricted", "baseline", "privileged"] as const;
export type PodSecurityLevel = (typeof podSecurityLevels)[number];

/** How much the Pods of a namespace may ask of their nodes. */
export const podSecurityField = z
  .strictObject({
    level: z
      .enum(podSecurityLevels, { error: "restricted, baseline or privileged" })
      .default("restricted")
      .describe("Level of the Pod Security Standards that every Pod of the namespace must meet."),
    because: text(/^(?=.*\S.*\S)[^\n]{10,300}$/, "a reason in one line of at least 10 letters")
      .optional()
      .describe("Why it is not `restricted`."),
  })
  .refine(({ level, because }) => level === "restricted" || because !== undefined, {
    error: "the reason under `because`, since its level is not restricted",
  })
  .prefault({})
  .describe("How much its Pods may ask of their nodes.");
