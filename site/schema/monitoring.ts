import { z } from "zod";

/** The site's `monitoring` key. */
export const monitoringSchema = z.strictObject({});

export type MonitoringSettings = z.output<typeof monitoringSchema>;
