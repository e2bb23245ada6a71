import { z } from "zod";
import { secretNameField, whole } from "./fields";

/** How long a certificate is valid, and when a new one takes its place. */
function lifetime(days: number, renewBeforeDays: number) {
  return z
    .strictObject({
      days: whole(1, 36_500, "days").default(days).describe("Days that a certificate is valid."),
      renewBeforeDays: whole(1, 36_500, "days")
        .default(renewBeforeDays)
        .describe(
          "Days before its end at which the next one is made. A site that was off for longer comes back with an expired one.",
        ),
    })
    .prefault({});
}

/** The site's `certificates` key: cert-manager and the authority that it signs with. */
export const certificatesSchema = z.strictObject({
  authority: z
    .strictObject({
      certificateSecret: secretNameField.describe(
        "Secret with the authority's certificate in PEM form, the chain up to its root included.",
      ),
      keySecret: secretNameField.describe("Secret with its private key in PEM form."),
    })
    .optional()
    .describe(
      "The customer's own authority, or one below it. Absent: the site makes an authority of its own, which clients have to be told to trust.",
    ),
  authorityLifetime: lifetime(3650, 365).describe(
    "Of the authority that the site makes; a given one lasts as long as it lasts. Its key stays, so clients that trust an older certificate of it keep trusting.",
  ),
  lifetime: lifetime(90, 30).describe(
    "Of the certificates that the authority signs, each with a new key.",
  ),
});

export type CertificatesSettings = z.output<typeof certificatesSchema>;
