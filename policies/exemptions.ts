import { z } from "zod";
import { exemptionPrefix } from "../site/exemptions";
import { nearest } from "../site/nearest";
import { exemptedRules, exemptionForm, exemptionFrom } from "./support/exemptions";
import { monthsUntil } from "./support/month";
import { type Rule, subjectRule } from "./support/rule";

/** The rule about exemptions from all others, which cannot be listed among those that it is told of. */
export function exemptions(others: readonly Rule[]): Rule {
  const byName = new Map(others.map((rule) => [rule.name, rule]));
  return subjectRule({
    name: "exemptions",
    description:
      "Every exemption names a rule that there is, says its reason and end, and has not ended nor is about to.",
    why: "One that counts for nothing looks as if somebody had allowed what nobody did, and one that ends stops a delivery that was not about it.",
    severity: "low",
    remedy: `write ${exemptionForm}, or take it off and mend what it was for; those of charts are in catalogue/exemptions.yaml`,
    settings: z.strictObject({
      months: z
        .int({ error: "a whole number of months" })
        .min(0, { error: "0 or more months" })
        .max(24, { error: "24 months at most" })
        .default(2)
        .describe("How long before its end an exemption is told, in months; 0: once it has ended."),
    }),
    level: "advisory",
    exemptible: false,
    *judge(subject, { month, source, settings: { months } }) {
      for (const name of exemptedRules(subject)) {
        const path = `metadata.annotations["${exemptionPrefix}${name}"]`;
        const rule = byName.get(name);
        if (rule === undefined) {
          const meant = nearest(name, [...byName.keys()]);
          const next = meant === undefined ? "./sitewright policies lists them" : `write ${meant}`;
          yield { path, needed: "the name of a rule", given: name, next };
          continue;
        }
        const state = exemptionFrom(rule, subject, month, source);
        if (state.kind === "refused") {
          yield { path, needed: "an exemption that holds", given: `one that ${state.why}` };
        } else if (state.kind === "holds" && monthsUntil(state.exemption.until, month) < months) {
          const { until, reason } = state.exemption;
          const given = `${until}, its last month (${reason})`;
          yield { path, needed: `an end in ${months} months or later`, given };
        }
      }
    },
  });
}
