import { z } from "zod";

/** The site's `storage` key. */
export const storageSchema = z.strictObject({});
