import { z } from "zod";

/** The site's `nightingale` key. */
export const nightingaleSchema = z.strictObject({});

export type NightingaleSettings = z.output<typeof nightingaleSchema>;
