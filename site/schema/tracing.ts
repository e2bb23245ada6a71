import { z } from "zod";

/** The site's `tracing` key. */
export const tracingSchema = z.strictObject({});

export type TracingSettings = z.output<typeof tracingSchema>;
