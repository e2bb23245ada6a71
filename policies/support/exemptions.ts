import { exemptionPrefix } from "../../site/exemptions";
import { monthsUntil } from "./month";
import { textOf } from "./objects";
import type { Rule, Source } from "./rule";
import type { Subject } from "./subject";

/** How an exemption is written, for messages. */
export const exemptionForm = '"until YYYY-MM: reason"';

/** An object that need not keep a rule, as its annotation says. */
export interface Exemption {
  readonly rule: string;
  readonly subject: Subject;
  /** Last month in which it holds, `2027-06`. */
  readonly until: string;
  readonly reason: string;
}

/** What became of the exemption that a subject has from a rule, if it has one. */
export type ExemptionState =
  | { readonly kind: "none" }
  | { readonly kind: "holds"; readonly exemption: Exemption }
  /** It has one that does not hold; `why` reads on from "its exemption". */
  | { readonly kind: "refused"; readonly why: string };

const form = /^until (\d{4}-(?:0[1-9]|1[0-2])): (\S.{9,})$/su;

/** Months after which an exemption has to be thought over at the latest. */
const mostMonths = 24;

/**
 * Looks up a subject's exemption from a rule. `month` is the one that it is, `2026-11`. Files of manifests are often of
 * those whom the rules are to bind: they let themselves off nothing that is critical.
 */
export function exemptionFrom(
  {
    name,
    severity,
    exemptible = true,
  }: Pick<Rule, "name" | "exemptible"> & Partial<Pick<Rule, "severity">>,
  subject: Subject,
  month: string,
  source: Source = "deployment",
): ExemptionState {
  const text: unknown = subject.object?.metadata?.annotations?.[`${exemptionPrefix}${name}`];
  if (text === undefined) return { kind: "none" };
  if (!exemptible) return { kind: "refused", why: "does not count: this rule knows none" };
  if (source === "manifests" && severity === "critical") {
    const who =
      "only the site lets anything off this rule, by its settings under sitewright:policies";
    return { kind: "refused", why: `does not count: ${who}` };
  }
  const [, until, reason] = form.exec(textOf(text)) ?? [];
  if (until === undefined || reason === undefined) {
    const shape = `${exemptionForm} with a reason of ten letters or more`;
    return { kind: "refused", why: `cannot be read: it needs ${shape}` };
  }
  if (month > until) return { kind: "refused", why: `ended with ${until}` };
  if (monthsUntil(until, month) > mostMonths) {
    return {
      kind: "refused",
      why: `does not count: it ends later than ${mostMonths} months from now`,
    };
  }
  return { kind: "holds", exemption: { rule: name, subject, until, reason } };
}

/** Names of rules that a subject has exemptions from, whether or not there is such a rule. */
export function exemptedRules(subject: Subject): readonly string[] {
  return Object.keys(subject.object?.metadata?.annotations ?? {})
    .filter((key) => key.startsWith(exemptionPrefix))
    .map((key) => key.slice(exemptionPrefix.length));
}
