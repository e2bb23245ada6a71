import assert from "node:assert/strict";
import { Inventory } from "../../../policies/support/inventory";
import { findingText, type Judgement, judgeInventory } from "../../../policies/support/judge";
import type { Rule, RuleContext } from "../../../policies/support/rule";
import { type Subject, subject } from "../../../policies/support/subject";
import { checked, unknownText } from "../../../policies/support/unknown";
import type { Blueprint } from "../../../site/blueprint-types";
import { withBundle } from "../../support/bundled-site";
import { sampleSite } from "../../support/sites";

/** Runs rules over a few objects, or over all of a site. */

/** Stands for a value that only the update will know. */
export const unknown = unknownText;

/** The month of every test. */
export const month = "2026-11";

/** Differences from what a test of a rule is usually given. */
export interface Setting {
  /** Default: that of site-a. */
  readonly blueprint?: Blueprint;
  /** The rule's settings as a site would state them; defaults are filled in. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly source?: RuleContext["source"];
  readonly secretValues?: readonly string[];
  /** What the stack held before. */
  readonly before?: readonly Subject[];
}

let sampleBlueprint: Blueprint | undefined;

/** Blueprint of site-a. */
export function siteA(): Blueprint {
  sampleBlueprint ??= withBundle(sampleSite("site-a"));
  return sampleBlueprint;
}

export function contextFor(rule: Rule, setting: Setting = {}): RuleContext {
  const { blueprint = siteA(), settings = {}, source = "deployment", secretValues = [] } = setting;
  const parsed = rule.settings?.parse(settings) ?? {};
  return { blueprint, settings: parsed, month, source, secretValues };
}

/** Looks at subjects by a rule. */
export function judged(rule: Rule, subjects: readonly Subject[], setting: Setting = {}): Judgement {
  return judgeInventory(rule, new Inventory(subjects, setting.before), contextFor(rule, setting));
}

/** What a rule finds wrong, each as `Kind namespace/name: path needs …; given …; next: …`. */
export function violations(
  rule: Rule,
  subjects: readonly Subject[],
  setting: Setting = {},
): readonly string[] {
  return judged(rule, subjects, setting).findings.map(
    (finding) => `${finding.about.title}: ${findingText(rule, finding)}`,
  );
}

/** Holds a list of violations to one alone, which begins and reads as it should. */
export function assertOnly(found: readonly string[], begin: string, expected: RegExp): void {
  const [violation = "", ...others] = found;
  assert.ok(violation.startsWith(begin), violation);
  assert.match(violation, expected);
  assert.deepEqual(others, []);
}

type Properties = Readonly<Record<string, unknown>>;

let counted = 0;

/** An object as a subject; `more` says what is special about the resource. */
export function objectSubject(object: Properties, more: Partial<Subject> = {}): Subject {
  const { apiVersion, kind, metadata } = object as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata?: { readonly name?: string };
  };
  counted += 1;
  const name = metadata?.name ?? "nameless";
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const type = more.type ?? `kubernetes:${version}:${kind}`;
  const id = `urn:pulumi:test::sitewright::${type}::${name}-${counted}`;
  return { ...subject({ id, name, ...more, type, properties: checked(object) }), ...more };
}

/** The same for a resource that changes some fields of another's object. */
export function patchSubject(object: Properties): Subject {
  const made = objectSubject(object);
  return { ...made, type: `${made.type}Patch`, patch: true };
}
