import { z } from "zod";

/** The site's `alerts` key: who is told of what. */
export const alertsSchema = z.strictObject({});

export type AlertSettings = z.output<typeof alertsSchema>;
