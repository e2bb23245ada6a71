import { z } from "zod";
import { list, monthField, nameField, reasonField, text } from "./fields";

/** Exemptions of third parties from rules of the policy pack: catalogue/exemptions.yaml. */

const exemption = z.strictObject({
  kind: text(/^[A-Z][A-Za-z0-9]*$/, "a kind").describe("Kind of the object."),
  namespace: nameField
    .optional()
    .describe("Namespace of the object. Default: that of the installation."),
  name: text(/^[a-z0-9][a-z0-9.:-]{0,252}$/, "the name of an object").describe(
    "Name of the object, exactly.",
  ),
  rule: text(/^[a-z][a-z0-9-]*$/, "the name of a rule").describe("The rule that it need not keep."),
  until: monthField.describe("Last month in which it holds."),
  reason: reasonField.describe("Why the object is as it is, and why no key changes that."),
});

/** catalogue/exemptions.yaml */
export const exemptionsSchema = z.record(
  text(/^[a-z][a-z0-9-]*$/, "the name of a chart or program"),
  list(exemption, 50, "exemptions"),
);

export type ExemptionCatalogue = z.output<typeof exemptionsSchema>;
