import { z } from "zod";

/** The site's `ingress` key. */
export const ingressSchema = z.strictObject({});
