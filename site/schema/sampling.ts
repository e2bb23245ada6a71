import { z } from "zod";

const percentNeeded = "per cent: a number from 0 to 100";

/** How much of the traffic is traced. */
export const samplingField = z
  .number({ error: percentNeeded })
  .min(0, { error: percentNeeded })
  .max(100, { error: percentNeeded })
  .default(1)
  .describe("Requests in a hundred that are traced.");
