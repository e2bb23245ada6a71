import { type Exemption, exemptionFrom } from "./exemptions";
import type { Inventory } from "./inventory";
import type { Finding, FindingAbout, Rule, RuleContext, SubjectRule, WholeRule } from "./rule";
import { secretSigns } from "./secret-signs";
import type { Subject } from "./subject";
import { UnknownValue } from "./unknown";

/** What came of looking at something by one rule. */
export interface Judgement {
  readonly findings: readonly FindingAbout[];
  /** Exemptions without which there would be findings. */
  readonly exemptions: readonly Exemption[];
  /** What could not be judged before the update: paths of values that nobody knows yet. */
  readonly undecided: readonly Undecided[];
}

export interface Undecided {
  /** Absent for a rule over everything. */
  readonly subject?: Subject;
  readonly path: readonly string[];
}

type Context = RuleContext;

/** Looks at one subject by a rule. */
export function judgeSubject(rule: SubjectRule, subject: Subject, context: Context): Judgement {
  return judged(rule, context, subject, about(subject, rule.judge(subject, context)));
}

/** Looks at everything by a rule. */
export function judgeWhole(rule: WholeRule, inventory: Inventory, context: Context): Judgement {
  return judged(rule, context, undefined, rule.judgeAll(inventory, context));
}

/** Looks at everything by any rule, one subject after the other where the rule does so. */
export function judgeInventory(rule: Rule, inventory: Inventory, context: Context): Judgement {
  if (rule.sources !== undefined && !rule.sources.includes(context.source)) return nothing;
  if ("judgeAll" in rule) return judgeWhole(rule, inventory, context);
  const all = inventory.subjects.map((subject) => judgeSubject(rule, subject, context));
  return {
    findings: all.flatMap(({ findings }) => findings),
    exemptions: all.flatMap(({ exemptions }) => exemptions),
    undecided: all.flatMap(({ undecided }) => undecided),
  };
}

const nothing: Judgement = { findings: [], exemptions: [], undecided: [] };

function* about(subject: Subject, findings: Iterable<Finding>): Iterable<FindingAbout> {
  for (const finding of findings) yield { ...finding, about: subject };
}

function judged(
  rule: Rule,
  { month, source, secretValues }: Context,
  subject: Subject | undefined,
  found: Iterable<FindingAbout>,
): Judgement {
  const findings: FindingAbout[] = [];
  const exemptions = new Map<Subject, Exemption>();
  const undecided: Undecided[] = [];
  try {
    for (const full of found) {
      const finding = withoutSecrets(full, secretValues);
      if (finding.absent && finding.about.patch) continue;
      const state = exemptionFrom(rule, finding.about, month, source);
      if (state.kind === "holds") exemptions.set(finding.about, state.exemption);
      else if (state.kind === "none") findings.push(finding);
      else findings.push({ ...finding, given: `${finding.given}; its exemption ${state.why}` });
    }
  } catch (error) {
    if (!(error instanceof UnknownValue)) throw error;
    undecided.push({ ...(subject !== undefined && { subject }), path: error.path });
  }
  return { findings, exemptions: [...exemptions.values()], undecided };
}

/** Reports go far, into logs of pipelines among others: whatever a rule repeats of an object, a secret is left out. */
function withoutSecrets(finding: FindingAbout, secretValues: readonly string[]): FindingAbout {
  const signs = secretSigns(secretValues);
  const [needed, given] = [finding.needed, finding.given].map((text) =>
    signs.in(text) === undefined ? text : "a secret, which is not shown",
  ) as [string, string];
  return { ...finding, needed, given };
}

/** A finding as people read it: what is needed where, what is there, what to do. */
export function findingText(rule: Rule, finding: Finding): string {
  return `${findingFault(finding)}; next: ${finding.next ?? rule.remedy}`;
}

/** The same without what to do. */
export function findingFault({ path, needed, given }: Finding): string {
  const where = path === "" ? "" : `${path} `;
  return `${where}needs ${needed}; given ${given}`;
}
