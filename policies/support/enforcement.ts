import { z } from "zod";
import { nearest } from "../../site/nearest";
import { parseDocument } from "../../site/parse";
import { type DocumentPlace, type Problem, siteProblem, throwProblems } from "../../site/problems";
import { monthField, reasonField } from "../../site/schema/fields";
import { policiesKey } from "../../site/stack-file";
import { fields } from "./objects";
import type { Rule } from "./rule";

/** How strictly a site keeps each rule: the stack file's `sitewright:policies`. */

const ruleSchema = z
  .strictObject({
    enforcement: z
      .enum(["mandatory", "advisory", "remediate", "disabled"], {
        error: "mandatory, advisory, remediate or disabled",
      })
      .optional()
      .describe(
        "`mandatory` stops a run, `advisory` warns, `remediate` mends what it can and shows it in the diff, `disabled` does not look. Default: the site's.",
      ),
    reason: reasonField
      .optional()
      .describe("Why the rule is not mandatory here; needed with `advisory` and `disabled`."),
    until: monthField
      .optional()
      .describe(
        "Last month in which it is not mandatory; afterwards it is, again. Default: no end.",
      ),
    settings: z
      .record(z.string(), z.unknown())
      .default({})
      .describe("The rule's own settings; docs/policies.md has them."),
  })
  .superRefine(({ enforcement, reason }, { addIssue }) => {
    const weak = enforcement === "advisory" || enforcement === "disabled";
    if (!weak || reason !== undefined) return;
    addIssue({
      code: "custom",
      path: ["reason"],
      message: `a reason, since the rule is ${enforcement}`,
    });
  });

/** What stands under `sitewright:policies`. */
export const policiesSchema = z.strictObject({
  enforcement: z
    .enum(["mandatory", "advisory"], { error: "mandatory or advisory" })
    .default("mandatory")
    .describe("How strictly rules are kept that `rules` does not name."),
  rules: z
    .record(z.string(), ruleSchema)
    .default({})
    .describe("Rules that the site keeps in another way, or that it gives settings, by name."),
});

export type Level = "mandatory" | "advisory" | "remediate" | "disabled";

/** How a site keeps one rule. */
export interface Enforcement {
  readonly level: Level;
  readonly reason?: string;
  /** Last month of a level that is not mandatory. */
  readonly until?: string;
  /** Settings, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where the object stands, for messages; without lines where Pulumi hands it out. */
const anywhere: DocumentPlace = { root: policiesKey };

/**
 * How a site keeps every rule, by name.
 * @param data the object under `sitewright:policies`; undefined for a site that says nothing: all mandatory.
 * @param month the month that it is, `2026-11`.
 * @throws ProblemsError that names every fault, exit code 3.
 */
export function enforcements(
  rules: readonly Rule[],
  data: unknown,
  month: string,
  place: DocumentPlace = anywhere,
): ReadonlyMap<string, Enforcement> {
  const { problems, enforcements: all } = readEnforcements(rules, data, month);
  throwProblems(problems, { site: place });
  return all;
}

/** The same with its faults as data, for whoever has others to show beside them. */
export function readEnforcements(
  rules: readonly Rule[],
  data: unknown,
  month: string,
): {
  readonly problems: readonly Problem[];
  readonly enforcements: ReadonlyMap<string, Enforcement>;
} {
  const parsed = parseDocument("site", policiesSchema, data ?? {});
  const problems = [...parsed.problems];
  const { enforcement = "mandatory", rules: named = {} } = parsed.value ?? {};
  // A fault elsewhere must not hide what is wrong with names and settings.
  const stated = fields(fields(data).rules);
  const names = rules.map(({ name }) => name);
  for (const name of Object.keys(stated).filter((one) => !names.includes(one))) {
    const meant = nearest(name, names);
    const next = meant === undefined ? "./sitewright policies lists them" : `write ${meant}`;
    problems.push(siteProblem(["rules", name], "the name of a rule", JSON.stringify(name), next));
  }
  const all = rules.map((rule): [string, Enforcement] => {
    const { enforcement: own, reason, until } = named[rule.name] ?? {};
    const given = fields(stated[rule.name]);
    const settings = fields(given.settings);
    const path = ["rules", rule.name];
    if (given.enforcement === "remediate" && !("mend" in rule)) {
      problems.push(
        siteProblem([...path, "enforcement"], "mandatory, advisory or disabled", '"remediate"'),
      );
    }
    const read = parseDocument("site", rule.settings ?? z.strictObject({}), settings);
    for (const problem of read.problems) {
      problems.push({ ...problem, path: [...path, "settings", ...problem.path] });
    }
    return [
      rule.name,
      {
        level: hasEnded({ until }, month) ? "mandatory" : (own ?? rule.level ?? enforcement),
        ...(reason !== undefined && { reason }),
        ...(until !== undefined && { until }),
        settings: read.value ?? {},
      },
    ];
  });
  return { problems, enforcements: new Map(all) };
}

/** Whether what a site stated of a rule held for a time that is over. */
export function hasEnded(
  { until }: { readonly until?: string | undefined },
  month: string,
): boolean {
  return until !== undefined && month > until;
}
