import { z } from "zod";

/** The site's `tenancy` key. */
export const tenancySchema = z.strictObject({});
