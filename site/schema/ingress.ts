import { z } from "zod";
import { domainField, text } from "./fields";

/** Who serves a workload's names. */
export const viaField = z.enum(["gateway", "standby"], { error: "gateway or standby" });

/** Host names as a release or a site states them; one without a dot is continued by the site's domain. */
export const hostField = domainField;

/** The site's `ingress` key. */
export const ingressSchema = z.strictObject({
  domain: text(
    /^(?=.{3,180}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'a domain in lower case without "*.", such as apps.site-a.example',
  )
    .optional()
    .describe(
      "Domain below which workloads get their names. The customer's DNS must lead every name below it (`*.apps.site-a.example`) to the edge address.",
    ),
  nipIo: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Names that hold the address, `web.parcels.192.0.2.40.nip.io`, instead of a domain: for sites without DNS of their own whose clients can ask a public one. The address is the edge's, else the first worker's.",
    ),
  active: viaField
    .optional()
    .describe(
      "Who serves the workloads: the mesh's `gateway` or the `standby` ingress. Workloads may differ. Default: the gateway where there is a mesh.",
    ),
  standby: z
    .boolean({ error: "true or false" })
    .default(true)
    .describe(
      "Whether the standby ingress is installed. It knows every route, so that it can take over while no gateway is ready.",
    ),
  httpsRedirect: z
    .boolean({ error: "true or false" })
    .default(true)
    .describe("Whether plain HTTP is sent on to HTTPS; only where the site has certificates."),
});

export type IngressSettings = z.output<typeof ingressSchema>;
export type Via = z.output<typeof viaField>;
