import { z } from "zod";

/** The site's `logging` key. */
export const loggingSchema = z.strictObject({});

export type LoggingSettings = z.output<typeof loggingSchema>;
