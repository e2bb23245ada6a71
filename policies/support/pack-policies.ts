import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { Inventory } from "./inventory";
import { findingText, type Judgement, judgeSubject, judgeWhole } from "./judge";
import "./read-once";
import type { Rule, RuleContext, SubjectRule, WholeRule } from "./rule";
import type { PackContext } from "./stack-settings";
import { type Subject, subject } from "./subject";
import { checked } from "./unknown";

type Policy = ResourceValidationPolicy | StackValidationPolicy;

/** The rules as policies of Pulumi. */
export function packPolicies(rules: readonly Rule[], context: PackContext): Policy[] {
  return rules
    .filter(({ sources }) => sources === undefined || sources.includes("deployment"))
    .map((rule) =>
      "judgeAll" in rule ? wholePolicy(rule, context) : subjectPolicy(rule, context),
    );
}

function subjectPolicy(rule: SubjectRule, context: PackContext): ResourceValidationPolicy {
  const settings = settingsOf(rule);
  const mend = rule.mend?.bind(rule);
  return {
    ...description(rule),
    validateResource: (args, report) => {
      if (isStack(args)) return;
      const known = { ...context(), settings: settings(args) };
      tell(rule, judgeSubject(rule, subjectOf(args), known), report);
    },
    ...(mend && {
      remediateResource: (args: ResourceValidationArgs) => {
        if (isStack(args)) return undefined;
        return mend(givenSubject(args), { ...context(), settings: settings(args) });
      },
    }),
  };
}

function wholePolicy(rule: WholeRule, context: PackContext): StackValidationPolicy {
  const settings = settingsOf(rule);
  return {
    ...description(rule),
    validateStack: (args, report) => {
      // A program that failed before it made anything has said so itself.
      if (args.resources.every(isStack)) return;
      const known: RuleContext = { ...context(), settings: settings(args) };
      tell(rule, judgeWhole(rule, inventoryOf(args.resources), known), report);
    },
  };
}

/** The stack itself comes first, even when the program fails: nothing may be asked of the site for its sake. */
function isStack({ type }: { readonly type: string }): boolean {
  return type === "pulumi:pulumi:Stack";
}

type Report = (message: string, urn?: string) => void;

function tell(rule: Rule, { findings, undecided }: Judgement, report: Report): void {
  for (const finding of findings) report(findingText(rule, finding), finding.about.id);
  // Judged again in the update, when it is known.
  for (const { reason } of undecided) process.stderr.write(`${rule.name}: ${reason}\n`);
}

function description(rule: Rule) {
  const { name, description, severity, remedy, settings } = rule;
  return {
    name,
    description,
    severity,
    remediationSteps: remedy,
    ...(settings && { configSchema: configSchema(settings) }),
  };
}

function configSchema(settings: z.ZodObject): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(settings, { io: "input" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}

/** Settings of a rule in a run, which are the same for every subject. */
function settingsOf({ settings = z.strictObject({}) }: Rule) {
  let parsed: Readonly<Record<string, unknown>> | undefined;
  return (args: { getConfig<T extends object>(): T }) => {
    parsed ??= settings.parse(args.getConfig());
    return parsed;
  };
}

type Resource = ResourceValidationArgs | PolicyResource;

/**
 * Properties as they were read, without the proxy that Pulumi puts around them: it gives up a whole policy where one
 * value is unknown. The name of the way to them is Pulumi's.
 */
function properties({ props }: Resource): Record<string, unknown> {
  return props.__getSpecialProxyTarget ?? props;
}

/** A resource for whoever changes it: a value that is not known yet is passed on as it is. */
function givenSubject(resource: Resource): Subject {
  return makeSubject(resource, properties(resource));
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
  const { protect, parent } = opts;
  return subject({ id, type, name, properties: own, protect, parent, dependsOn });
}

const inventories = new WeakMap<object, Inventory>();

/** All resources, made once: the first one's properties stand for the list, which each policy is given anew. */
function inventoryOf(resources: readonly PolicyResource[]): Inventory {
  const [first] = resources;
  const key = first === undefined ? resources : properties(first);
  const before = inventories.get(key);
  if (before !== undefined) return before;
  const made = new Inventory(resources.filter((one) => !isStack(one)).map(subjectOf));
  inventories.set(key, made);
  return made;
}
