import { isDeepStrictEqual } from "node:util";
import type { HarborProject, HarborRetention } from "../../../site/platform/registry-types";
import type { Say } from "../../../ssh/session";
import type { HarborClient } from "./client";
import type { FoundProject } from "./projects";

interface Selector {
  readonly kind: string;
  readonly decoration: string;
  readonly pattern: string;
  readonly extras?: string;
}

interface Rule {
  readonly id?: number;
  readonly disabled?: boolean;
  readonly action: string;
  readonly template: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly tag_selectors: readonly Selector[];
  readonly scope_selectors: { readonly repository?: readonly Selector[] };
}

interface RetentionPolicy {
  readonly id?: number;
  readonly algorithm: string;
  readonly scope: { readonly level: string; readonly ref: number };
  readonly trigger: { readonly kind: string; readonly settings?: { readonly cron?: string } };
  readonly rules?: readonly Rule[];
}

/** A project's policy is known by a number in its metadata; there is at most one. */
function retentionId({ metadata }: FoundProject): string | undefined {
  return metadata?.retention_id || undefined;
}

export async function readRetention(
  client: HarborClient,
  project: FoundProject,
): Promise<HarborRetention | undefined> {
  const id = retentionId(project);
  if (id === undefined) return undefined;
  const policy = await client.get<RetentionPolicy>(
    `tell the retention of ${project.name}`,
    `/retentions/${id}`,
  );
  if (policy === undefined) return undefined;
  const rules: Record<string, Record<string, number>> = {};
  for (const rule of policy.rules ?? []) {
    const key = ruleKey(rule);
    const number = Number(rule.params?.[rule.template] ?? 0);
    rules[key] = { ...rules[key], [rule.template]: number };
  }
  return { schedule: policy.trigger.settings?.cron || "never", rules };
}

/** Makes, changes or removes the project's policy; the policy is always written as a whole. */
export async function applyRetention(
  client: HarborClient,
  project: FoundProject,
  wanted: HarborRetention | undefined,
  say: Say,
): Promise<void> {
  const { name, project_id: ref } = project;
  const id = retentionId(project);
  const before = await readRetention(client, project);
  if (isDeepStrictEqual(before, wanted)) return;
  if (wanted === undefined) {
    await client.change(`remove the retention of ${name}`, "DELETE", `/retentions/${id}`);
    say(`removed the retention of ${name}: everything in it is kept`);
    return;
  }
  const policy: RetentionPolicy = {
    ...(id !== undefined && { id: Number(id) }),
    algorithm: "or",
    scope: { level: "project", ref },
    trigger: {
      kind: "Schedule",
      settings: { cron: wanted.schedule === "never" ? "" : wanted.schedule },
    },
    rules: Object.entries(wanted.rules).flatMap(([key, numbers]) =>
      Object.entries(numbers).map(([template, number]) => ({
        disabled: false,
        action: "retain",
        template,
        params: { [template]: number },
        ...selectors(key, JSON.stringify({ untagged: true })),
      })),
    ),
  };
  const what = `take the retention of ${name}`;
  if (id === undefined) await client.change(what, "POST", "/retentions", policy);
  else await client.change(what, "PUT", `/retentions/${id}`, policy);
  say(`set the retention of ${name}`);
}

export async function readImmutable(
  client: HarborClient,
  project: FoundProject,
): Promise<HarborProject["immutable"]> {
  const rules = await immutableRules(client, project);
  return Object.fromEntries(
    rules.map((rule) => [ruleKey(rule), rule.disabled ? "switched off" : "immutable"]),
  );
}

function immutableRules(client: HarborClient, { project_id, name }: FoundProject) {
  return client.list<Rule>(
    `list the immutable tags of ${name}`,
    `/projects/${project_id}/immutabletagrules`,
  );
}

/** Removes what is not wanted first. Harbor takes the same rule twice, so what is there decides what is made. */
export async function applyImmutable(
  client: HarborClient,
  project: FoundProject,
  wanted: HarborProject["immutable"],
  say: Say,
): Promise<void> {
  const { project_id: id, name } = project;
  const path = `/projects/${id}/immutabletagrules`;
  const kept = new Set<string>();
  for (const rule of await immutableRules(client, project)) {
    const key = ruleKey(rule);
    if (wanted[key] !== undefined && !rule.disabled && !kept.has(key)) {
      kept.add(key);
      continue;
    }
    await client.change(`remove immutable tags of ${name}`, "DELETE", `${path}/${rule.id}`);
    say(`${name}: tags of ${key} are no longer immutable by that rule`);
  }
  for (const key of Object.keys(wanted).filter((one) => !kept.has(one))) {
    const rule: Rule = {
      disabled: false,
      action: "immutable",
      template: "immutable_template",
      ...selectors(key),
    };
    await client.change(`make tags of ${name} immutable`, "POST", path, rule);
    say(`${name}: tags of ${key} are immutable`);
  }
}

/**
 * A rule's name in configurations: `repositories:tags`, as site/platform/registry.ts writes it. One made by hand with
 * what Sitewright never makes gets a name that no site has, so that it shows, and goes with the next run.
 */
function ruleKey(rule: Rule): string {
  const [repositories] = rule.scope_selectors.repository ?? [];
  const [tags] = rule.tag_selectors;
  const plain =
    rule.tag_selectors.length === 1 &&
    rule.scope_selectors.repository?.length === 1 &&
    repositories?.decoration === "repoMatches" &&
    tags?.decoration === "matches" &&
    (rule.action === "immutable" || (!rule.disabled && takesUntagged(tags)));
  const key = `${repositories?.pattern}:${tags?.pattern}`;
  return plain ? key : `by hand: ${repositories?.decoration} ${tags?.decoration} ${key}`;
}

/** Without a word on it Harbor counts images without tags as well. */
function takesUntagged({ extras }: Selector): boolean {
  return !extras || extras.replaceAll(" ", "") === '{"untagged":true}';
}

function selectors(key: string, extras?: string): Pick<Rule, "tag_selectors" | "scope_selectors"> {
  // Tags hold no colon, repositories' patterns neither.
  const at = key.lastIndexOf(":");
  const kind = "doublestar";
  return {
    tag_selectors: [
      { kind, decoration: "matches", pattern: key.slice(at + 1), ...(extras && { extras }) },
    ],
    scope_selectors: {
      repository: [{ kind, decoration: "repoMatches", pattern: key.slice(0, at) }],
    },
  };
}
