import { type RuleDocument, ruleDocument } from "../../policies/documentation/rule-document";
import { hasEnded } from "../../policies/support/enforcement";
import type { Rule } from "../../policies/support/rule";
import type { Blueprint } from "../../site/blueprint-types";
import type { Colour } from "../view/colours";
import { counted } from "../view/counted";
import { tableLines } from "../view/table";
import type { KeptSite } from "./kept-site";
import { countedLevels } from "./levels";

type Paint = (colour: Colour, text: string) => string;

const colours: Readonly<Record<string, Colour>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
};

/** Every rule in a line. */
export function rulesText(rules: readonly Rule[], paint: Paint, columns: number) {
  const rows = rules.map(({ name, severity, description }) => ({
    cells: [name, severity, description],
    paint: (line: string) => {
      const colour = colours[severity];
      return colour === undefined ? line : line.replace(name, paint(colour, name));
    },
  }));
  return [
    ...tableLines(["rule", "severity", "what holds"], rows, columns),
    "",
    `${rules.length} rules; ./sitewright policies --rule <name> says more of one, docs/policies.md of all`,
  ];
}

/** All that is to be said of one rule. */
export function ruleText(rule: Rule, paint: Paint): readonly string[] {
  const { name, severity, description, why, remedy, settings, remarks } = ruleDocument(rule);
  return [
    `${paint("bold", name)}  ${severity}`,
    description,
    `why: ${why}`,
    `remedy: ${remedy}`,
    ...remarks.map(bare),
    ...(settings.length === 0 ? [] : ["settings:"]),
    ...settings.map(({ path, kind, fallback, purpose }) =>
      bare(`  ${path}: ${[kind, ...otherwise(fallback)].join(", ")}. ${purpose}`),
    ),
  ];
}

function otherwise(fallback: string): readonly string[] {
  if (fallback === "") return [];
  return [fallback === "required" ? fallback : `default ${fallback}`];
}

export interface SiteRules extends Omit<KeptSite, "found"> {
  readonly rules: readonly Rule[];
  readonly blueprint: Blueprint;
}

/** How a site keeps each rule, and what of third parties need not keep one. */
export function siteRulesText(input: SiteRules, paint: Paint, columns: number): readonly string[] {
  const { rules, enforcements, blueprint } = input;
  const rows = rules.map((rule) => {
    const { level, why, settings } = kept(rule, enforcements, input.month);
    const stated = Object.entries(settings).map(([key, value]) => `${key}: ${show(value)}`);
    return {
      cells: [rule.name, rule.severity, level, [...why, ...stated].join("; ")],
      paint: (line: string) =>
        level === "advisory" || level === "disabled" ? paint("yellow", line) : line,
    };
  });
  const exempt = blueprint.exemptions
    .filter(({ rule }) => rules.some(({ name }) => name === rule))
    .map(({ rule, kind, namespace, name, until, reason }) => ({
      cells: [rule, `${kind} ${[namespace, name].filter(Boolean).join("/")}`, until, reason],
    }));
  return [
    ...tableLines(["rule", "severity", "enforcement", "because"], rows, columns),
    "",
    ...(exempt.length === 0
      ? []
      : [...tableLines(["exempt from", "what", "until", "because"], exempt, columns), ""]),
    `${blueprint.site}: ${countedLevels(enforcements)}; ${counted(exempt.length, "exemption")} of third parties`,
  ];
}

/** The same for a program. */
export function siteRulesJson({ rules, enforcements, blueprint, month }: SiteRules) {
  return {
    site: blueprint.site,
    rules: rules.map((rule) => {
      const { level, why } = kept(rule, enforcements, month);
      const settings = enforcements.get(rule.name)?.settings;
      const because = why.length > 0 && { because: why.join("; ") };
      return { ...ruleJson(ruleDocument(rule)), enforcement: level, ...because, settings };
    }),
    exemptions: blueprint.exemptions,
  };
}

/** A rule for a program. */
export function ruleJson({ settings, remarks: _, ...rule }: RuleDocument) {
  const described = settings.map(({ path, kind, fallback, purpose }) => [
    path,
    { kind: bare(kind), default: bare(fallback), description: bare(purpose) },
  ]);
  return { ...rule, knownSettings: Object.fromEntries(described) };
}

/** Text without the marks of Markdown. */
function bare(text: string): string {
  return text.replaceAll("`", "");
}

/** How a rule is kept, why it is so, and the settings that are not the rule's own. */
function kept(rule: Rule, enforcements: SiteRules["enforcements"], month: string) {
  const enforcement = enforcements.get(rule.name);
  if (enforcement === undefined) throw new Error(`${rule.name} has no enforcement`);
  const { level, reason, until, settings } = enforcement;
  const ended = hasEnded(enforcement, month);
  const why = [
    ...(ended ? [`what was stated ended with ${until}`] : []),
    ...(reason !== undefined && !ended ? [reason] : []),
    ...(until !== undefined && !ended ? [`until ${until}`] : []),
  ];
  const own = rule.settings?.parse({}) ?? {};
  const stated = Object.entries(settings).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(own[key]),
  );
  return { level, why, settings: Object.fromEntries(stated) };
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
