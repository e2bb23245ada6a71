import { z } from "zod";

/** The site's `certificates` key. */
export const certificatesSchema = z.strictObject({});
