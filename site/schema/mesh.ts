import { z } from "zod";

/** The site's `mesh` key. */
export const meshSchema = z.strictObject({});
