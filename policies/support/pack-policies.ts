import type {
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exemptionFrom } from "./exemptions";
import { type Before, Inventory } from "./inventory";
import { findingText, type Judgement, judgeSubject, judgeWhole } from "./judge";
import "./read-once";
import type { Rule, RuleContext, SubjectRule, WholeRule } from "./rule";
import { withMarks, withoutMarks } from "./secret-marks";
import type { StackSettings } from "./stack-settings";
import { type Subject, subject } from "./subject";
import { checked, unknownText } from "./unknown";

/** By which Pulumi's policy server knows that a rule has to wait for the update. */
const { UnknownValueError } = proxy as unknown as {
  readonly UnknownValueError: new (unknown: string, path: readonly string[]) => Error;
};

type Policy = ResourceValidationPolicy | StackValidationPolicy;

/** The rules as policies of Pulumi. */
export function packPolicies(rules: readonly Rule[], site: StackSettings): Policy[] {
  return rules
    .filter(({ sources }) => sources === undefined || sources.includes("deployment"))
    .map((rule) => ("judgeAll" in rule ? wholePolicy(rule, site) : subjectPolicy(rule, site)));
}

function subjectPolicy(rule: SubjectRule, site: StackSettings): ResourceValidationPolicy {
  const context = contextOf(rule, site);
  return described(rule, site, {
    validateResource: (args: ResourceValidationArgs, report: ReportViolation) => {
      if (isStack(args) || isLeftOut(args)) return;
      tell(rule, judgeSubject(rule, subjectOf(args), context(args)), report);
    },
    ...mending(rule, context),
  });
}

function wholePolicy(rule: WholeRule, site: StackSettings): StackValidationPolicy {
  const context = contextOf(rule, site);
  return described(rule, site, {
    validateStack: (args: StackValidationArgs, report: ReportViolation) => {
      // A program that failed before it made anything has said so itself.
      if (args.resources.every(isStack)) return;
      tell(rule, judgeWhole(rule, inventoryOf(args.resources, site.before), context(args)), report);
    },
    ...mending(rule, context),
  });
}

/** How a rule mends one resource at a time; what is let off is left as it is. */
function mending(rule: Rule, context: (args: Configured) => RuleContext) {
  const mend = rule.mend?.bind(rule);
  if (mend === undefined) return {};
  return {
    remediateResource: (args: ResourceValidationArgs) => {
      if (isStack(args) || isLeftOut(args)) return undefined;
      const given = givenSubject(args);
      const known = context(args);
      const isLetOff = exemptionFrom(rule, given, known.month).kind === "holds";
      const mended = isLetOff ? undefined : mend(given, known);
      return mended && (withMarks(args.props, mended) as Record<string, unknown>);
    },
  };
}

/** The stack itself comes first, even when the program fails: nothing may be asked of the site for its sake. */
function isStack({ type }: { readonly type: string }): boolean {
  return type === "pulumi:pulumi:Stack";
}

function tell(rule: Rule, { findings, undecided }: Judgement, report: ReportViolation): void {
  for (const finding of findings) report(findingText(rule, finding), finding.about.id);
  // Pulumi's own way to say so: a remark in the preview, and the update judges again.
  for (const { path } of undecided) throw new UnknownValueError(unknownText, path);
}

/** What Pulumi is to know of a rule. How strictly it is kept, the stack says only once the pack serves. */
function described<Judge extends object>(rule: Rule, site: StackSettings, judge: Judge) {
  const { name, description, severity, remedy, settings } = rule;
  return {
    ...judge,
    name,
    description,
    severity,
    remediationSteps: remedy,
    ...(settings && { configSchema: configSchema(settings) }),
    get enforcementLevel() {
      return plainly(() => site.enforcement(name)).level;
    },
  };
}

/**
 * Without defaults: Pulumi would fill them in, and they would go before what the site states. Without patterns: Pulumi
 * refuses the whole pack for one that Go does not know, and settings are read by their own schema anyway.
 */
function configSchema(settings: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(settings, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.pattern;
    },
  });
  const stated = Object.entries(properties).map(([key, property]) => {
    const { default: _, ...schema } = Object(property);
    return [key, schema];
  });
  return { properties: Object.fromEntries(stated) };
}

interface Configured {
  getConfig<T extends object>(): T;
}

/** What a rule knows in a run. Settings of `--policy-pack-config` go before the site's own. */
function contextOf(rule: Rule, site: StackSettings): (args: Configured) => RuleContext {
  let context: RuleContext | undefined;
  return (args) => {
    context ??= plainly(() => {
      const given = { ...site.enforcement(rule.name).settings, ...args.getConfig() };
      return { ...site.context(), settings: rule.settings?.parse(given) ?? {} };
    });
    return context;
  };
}

/** Pulumi shows the stack of an error; what its reader can act on is shown without. */
function plainly<Value>(ask: () => Value): Value {
  try {
    return ask();
  } catch (error) {
    if (error instanceof RunError) error.stack = error.message;
    throw error;
  }
}

type Resource = ResourceValidationArgs | PolicyResource;

/** Whether a run leaves a resource out (`--exclude`, `--target`) that is not there yet: none of its properties is shown. */
function isLeftOut(resource: Resource): boolean {
  return Object.keys(properties(resource)).length === 0;
}

/**
 * Properties as they were read, without the proxy that Pulumi puts around them: it gives up a whole policy where one
 * value is unknown. The name of the way to them is Pulumi's.
 */
function properties({ props }: Resource): Record<string, unknown> {
  return props.__getSpecialProxyTarget ?? props;
}

/** A resource for whoever changes it: a value that is not known yet is passed on as it is. */
function givenSubject(resource: Resource): Subject {
  return makeSubject(resource, withoutMarks(resource.props) as Record<string, unknown>);
}

const subjects = new WeakMap<object, Subject>();

/** A resource as rules see it, made once for all of them. */
function subjectOf(resource: Resource): Subject {
  const own = properties(resource);
  const before = subjects.get(own);
  if (before?.id === resource.urn) return before;
  const made = makeSubject(resource, checked(own));
  subjects.set(own, made);
  return made;
}

function makeSubject(resource: Resource, own: Record<string, unknown>): Subject {
  const { urn: id, type, name, opts } = resource;
  const dependsOn = "dependencies" in resource ? resource.dependencies.map(({ urn }) => urn) : [];
  const { protect, parent, aliases } = opts;
  return subject({ id, type, name, properties: own, protect, parent, dependsOn, aliases });
}

const inventories = new WeakMap<object, Inventory>();

/** All resources, made once: the first one's properties stand for the list, which each policy is given anew. */
function inventoryOf(resources: readonly PolicyResource[], before?: Before): Inventory {
  const [first] = resources;
  const key = first === undefined ? resources : properties(first);
  const known = inventories.get(key);
  if (known !== undefined) return known;
  const made = new Inventory(resources.filter((one) => !isStack(one)).map(subjectOf), before);
  inventories.set(key, made);
  return made;
}
