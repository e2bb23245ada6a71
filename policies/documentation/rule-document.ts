import { jsonSchemaOf } from "../../site/documentation/json-schema";
import { type KeyRow, objectRows } from "../../site/documentation/reference";
import type { Rule, Source } from "../support/rule";

/** What people are told of a rule, in whatever form. */
export interface RuleDocument {
  readonly name: string;
  readonly severity: Rule["severity"];
  readonly description: string;
  readonly why: string;
  readonly remedy: string;
  readonly settings: readonly KeyRow[];
  /** When it stops what, whether it mends, what it does not look at; each a sentence. */
  readonly remarks: readonly string[];
  readonly mends: boolean;
  readonly exemptible: boolean;
}

/** All that a rule says of itself. */
export function ruleDocument(rule: Rule): RuleDocument {
  const { name, severity, description, why, remedy, settings, exemptible = true } = rule;
  const mends = "mend" in rule;
  return {
    name,
    severity,
    description,
    why,
    remedy,
    settings: settings === undefined ? [] : objectRows(jsonSchemaOf(settings)),
    remarks: [
      "judgeAll" in rule
        ? "Looks at everything at once, at the end of a preview."
        : "Looks at one thing at a time: an update stops before it touches the thing.",
      ...(mends ? ["With `remediate` it mends what it finds; the diff shows it."] : []),
      ...(exemptible ? [] : ["No annotation exempts anything from it."]),
      ...(rule.sources === undefined ? [] : [`Judges ${rule.sources.map(named).join(" and ")}.`]),
    ],
    mends,
    exemptible,
  };
}

const names: Readonly<Record<Source, string>> = {
  deployment: "previews and updates",
  state: "what a stack holds",
  manifests: "rendered manifests",
};

function named(source: Source): string {
  return names[source];
}
