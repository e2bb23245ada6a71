import type { BlueprintInput } from "../blueprint-input";
import type { RuleFile } from "./rule-types";

/** Every rule of a site: only those whose subject it has. Empty where it has no monitoring. */
export function ruleFiles({ site }: BlueprintInput): readonly RuleFile[] {
  if (site.monitoring === undefined) return [];
  return [];
}
