import type { RuleBody } from "../../../components/nightingale/configuration/configuration-types";
import { ownTag } from "../../../components/nightingale/configuration/rules";
import { RunError } from "../../../site/run-error";
import { exitCodes } from "../../exit-codes";
import { asWanted } from "./as-wanted";
import type { NightingaleClient } from "./client";
import type { Changed } from "./places";

interface FoundRule {
  readonly id: number;
  readonly name: string;
  readonly append_tags: readonly string[] | null;
}

/** What rules refer to by number. */
export interface RulePlaces {
  readonly group: number;
  readonly datasource: number;
  /** The notify rule of a team; none where nobody is told. */
  readonly notifyRule: (team: string) => number | undefined;
}

/** Rules sent at once. */
const batch = 50;

/**
 * Rules by their names: makes what is missing, puts back what was changed, and removes ours that are wanted no more.
 * Rules that people made in the same group stay, unless they took a name of ours.
 */
export async function keepRules(
  client: NightingaleClient,
  rules: readonly RuleBody[],
  places: RulePlaces,
  changed: Changed,
): Promise<void> {
  const path = `/busi-group/${places.group}/alert-rules`;
  const found = await client.list<FoundRule>("list its rules", path);
  const byName = new Map(found.map((rule) => [rule.name, rule]));
  const bodies = rules.map((rule) => whole(rule, places));
  const missing = bodies.filter(({ name }) => !byName.has(name));
  for (let at = 0; at < missing.length; at += batch) {
    const some = missing.slice(at, at + batch);
    const faults = await client.ask<Readonly<Record<string, string>>>(
      "take the rules",
      "POST",
      path,
      some,
    );
    refuseFaults(faults);
    for (const { name } of some) changed(`rule ${name}`);
  }
  for (const body of bodies) {
    const there = byName.get(body.name);
    if (there === undefined || asWanted(there, body)) continue;
    const rule = `/busi-group/${places.group}/alert-rule/${there.id}`;
    await client.ask(`change the rule ${body.name}`, "PUT", rule, body);
    changed(`rule ${body.name}`);
  }
  const wanted = new Set(bodies.map(({ name }) => name));
  const gone = found.filter(
    ({ name, append_tags }) => append_tags?.includes(ownTag) && !wanted.has(name),
  );
  if (gone.length === 0) return;
  await client.ask("remove rules", "DELETE", path, { ids: gone.map(({ id }) => id) });
  for (const { name } of gone) changed(`rule ${name}, removed`);
}

function whole(rule: RuleBody, { datasource, notifyRule }: RulePlaces) {
  const team = rule.append_tags.find((tag) => tag.startsWith("team="))?.slice("team=".length);
  const told = notifyRule(team ?? "");
  return {
    ...rule,
    datasource_queries: [{ match_type: 0, op: "in", values: [datasource] }],
    notify_rule_ids: told === undefined ? [] : [told],
  };
}

/** It takes what it can of a list, and says of each rule what was wrong with it. */
function refuseFaults(faults: Readonly<Record<string, string>> | undefined): void {
  const wrong = Object.entries(faults ?? {}).filter(([, why]) => why !== "");
  if (wrong.length === 0) return;
  const said = wrong.map(([name, why]) => `\n  ${name}: ${why}`).join("");
  throw new RunError(`Nightingale does not take ${wrong.length} rules:${said}`, {
    exitCode: exitCodes.remote,
    nextStep: "correct these rules of the release, or report them where they are Sitewright's own",
  });
}
