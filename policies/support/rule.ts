import type { z } from "zod";
import type { Blueprint } from "../../site/blueprint-types";
import type { Inventory } from "./inventory";
import type { Subject } from "./subject";

/** How bad it is when a rule is broken; shown in reports, and has no say in whether a run is stopped. */
export type Severity = "low" | "medium" | "high" | "critical";

/** Where the things come from that are judged. */
export type Source = "deployment" | "state" | "manifests";

/** What a rule found wrong. */
export interface Finding {
  /** Path of the property in the object's own words; "" for the whole. */
  readonly path: string;
  /** What must be there; reads on from "needs". */
  readonly needed: string;
  /** What is there, short and printable, never a secret. */
  readonly given: string;
  /** The next step, where it is not simply the rule's remedy. */
  readonly next?: string;
  /** True when nothing stands there, which is no fault of a patch. */
  readonly absent?: boolean;
}

/** What a rule found wrong with one of many. */
export interface FindingAbout extends Finding {
  readonly about: Subject;
}

/** What a rule may know besides what it judges. */
export interface RuleContext<Settings = Readonly<Record<string, unknown>>> {
  /** What the site is meant to be. */
  readonly blueprint: Blueprint;
  /** The rule's own settings at this site, defaults filled in. */
  readonly settings: Settings;
  /** The month that it is, `2026-11`. */
  readonly month: string;
  readonly source: Source;
  /** Values of the stack's secrets, to be found where they must not be; empty where they are not known. */
  readonly secretValues: readonly string[];
  /** What SITEWRIGHT_DESTROY says in this run: the site's name where data may be erased. */
  readonly destroyWord?: string | undefined;
}

/** What every rule says of itself. */
interface RuleText<Settings> {
  /** Name in reports, settings and exemptions: that of its file. */
  readonly name: string;
  /** What holds at every site, as one sentence. */
  readonly description: string;
  /** What happens to a site or its engineer where it does not hold. */
  readonly why: string;
  readonly severity: Severity;
  /** What to do about a finding, as one sentence. */
  readonly remedy: string;
  /** What a site may set; every setting has a default and a description. */
  readonly settings?: Settings;
  /** How strictly it is kept where the site says nothing of it. Default: as strictly as the site keeps rules. */
  readonly level?: "advisory";
  /** False for rules that no annotation takes anything out of. Default: true. */
  readonly exemptible?: boolean;
  /** Where the rule has enough to go by. Default: everywhere. */
  readonly sources?: readonly Source[];
}

/** A rule over one thing at a time: stops an update before that thing is touched. */
export interface SubjectRule<Settings extends z.ZodObject = z.ZodObject>
  extends RuleText<Settings> {
  judge(subject: Subject, context: RuleContext<z.output<Settings>>): Iterable<Finding>;
  /**
   * The properties with the fault mended, for enforcement `remediate`; undefined where there is nothing to mend. Never
   * changes what it was given.
   */
  mend?(
    subject: Subject,
    context: RuleContext<z.output<Settings>>,
  ): Readonly<Record<string, unknown>> | undefined;
}

/** A rule over everything at once: stops a preview, and so every update that begins with one. */
export interface WholeRule<Settings extends z.ZodObject = z.ZodObject>
  extends RuleText<Settings>,
    Pick<SubjectRule<Settings>, "mend"> {
  judgeAll(inventory: Inventory, context: RuleContext<z.output<Settings>>): Iterable<FindingAbout>;
}

export type Rule = SubjectRule | WholeRule;

/** Writes down a rule over one thing at a time; its settings give `judge` their type. */
export function subjectRule<Settings extends z.ZodObject>(
  rule: SubjectRule<Settings>,
): SubjectRule {
  return rule as unknown as SubjectRule;
}

/** Writes down a rule over everything at once. */
export function wholeRule<Settings extends z.ZodObject>(rule: WholeRule<Settings>): WholeRule {
  return rule as unknown as WholeRule;
}
