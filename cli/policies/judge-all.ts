import type { Enforcement } from "../../policies/support/enforcement";
import type { Exemption } from "../../policies/support/exemptions";
import type { Inventory } from "../../policies/support/inventory";
import { judgeInventory, type Undecided } from "../../policies/support/judge";
import type { FindingAbout, Rule, RuleContext } from "../../policies/support/rule";

/** What came of looking at everything by one rule. */
export interface RuleVerdict {
  readonly rule: Rule;
  readonly enforcement: Enforcement;
  /** Why the rule did not look: it is disabled, or has not enough to go by there. */
  readonly skipped?: "disabled" | "not judged there";
  readonly findings: readonly FindingAbout[];
  readonly exemptions: readonly Exemption[];
  readonly undecided: readonly Undecided[];
}

const nothing = { findings: [], exemptions: [], undecided: [] };

/** Looks at everything by every rule, as strictly as the site keeps it. */
export function judgeAll(
  rules: readonly Rule[],
  enforcements: ReadonlyMap<string, Enforcement>,
  inventory: Inventory,
  context: Omit<RuleContext, "settings">,
): readonly RuleVerdict[] {
  return rules.map((rule) => {
    const enforcement = enforcements.get(rule.name);
    if (enforcement === undefined) throw new Error(`${rule.name} has no enforcement`);
    const verdict = { rule, enforcement };
    if (enforcement.level === "disabled") return { ...verdict, skipped: "disabled", ...nothing };
    if (rule.sources !== undefined && !rule.sources.includes(context.source)) {
      return { ...verdict, skipped: "not judged there", ...nothing };
    }
    const { settings } = enforcement;
    return { ...verdict, ...judgeInventory(rule, inventory, { ...context, settings }) };
  });
}

/**
 * Whether what a rule found would stop a run. `remediate` does not mend what is there already, so what it finds stands
 * against it too.
 */
export function isBroken({ enforcement: { level }, findings }: RuleVerdict): boolean {
  return level !== "advisory" && findings.length > 0;
}
