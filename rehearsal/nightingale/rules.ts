import { parse } from "yaml";
import { Refusal } from "./refusal";
import type { Row, Store } from "./store";

/** Rules of alerting, with what the server makes of what it is given. */

export type Body = Readonly<Record<string, unknown>>;

/** Takes each on its own; says of each by name what was wrong with it, nothing where it was taken. */
export function addRules(store: Store, group: number, bodies: readonly Body[]) {
  const said: Record<string, string> = {};
  for (const body of bodies) {
    const name = String(body.name ?? "").trim();
    const fault = faultOf(store, group, name, body);
    if (fault === "") store.add("rules", { ...kept(body), name, group_id: group });
    said[name] = fault;
  }
  return said;
}

export function changeRule(store: Store, row: Row, body: Body): void {
  const name = String(body.name ?? "").trim();
  const fault = faultOf(store, Number(row.group_id), name, body, row.id);
  if (fault !== "") throw new Refusal(200, fault);
  const { id, group_id } = row;
  // A change writes all of it: what the body leaves out is gone.
  for (const key of Object.keys(row)) delete (row as Record<string, unknown>)[key];
  Object.assign(row, kept(body), { id, group_id, name });
  store.save();
}

function faultOf(store: Store, group: number, name: string, body: Body, self = 0): string {
  if (name === "") return "name is blank";
  if (/[<>&'"]|:\/\/|\.\.\//.test(name)) return "Name has invalid characters";
  const tags = (body.append_tags ?? []) as readonly string[];
  const keys = tags.map((tag) => tag.split("=")[0]);
  const odd = tags.find((tag) => !tag.includes("="));
  if (odd !== undefined) return `AppendTags(${odd}) invalid`;
  if (new Set(keys).size < keys.length) return "AppendTags has duplicate key";
  const taken = store.find(
    "rules",
    (row) => row.group_id === group && row.name === name && row.id !== self,
  );
  return taken === undefined ? "" : "AlertRule already exists";
}

/** What it keeps: tags without spaces, and lists where there were none. */
function kept(body: Body) {
  const tags = (body.append_tags ?? []) as readonly string[];
  return {
    prom_eval_interval: 15,
    notify_rule_ids: [],
    ...body,
    append_tags: tags.map((tag) => tag.replaceAll(" ", "")),
    annotations: body.annotations ?? null,
  };
}

interface PromRule {
  readonly alert?: string;
  readonly expr?: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Rules of a text with `groups`; a minute where a time is none, is in days, or is not there. */
export function importedRules(payload: unknown, queries: unknown, disabled: unknown): Body[] {
  const { groups = [] } = (parse(String(payload)) ?? {}) as {
    groups?: readonly { interval?: string; rules?: readonly PromRule[] }[];
  };
  if (groups.length === 0) throw new Refusal(400, "input yaml is empty or invalid");
  return groups.flatMap(({ interval = "60s", rules = [] }) =>
    rules.flatMap((rule) => {
      if (rule.alert === undefined) return [];
      const { severity = "warning", ...labels } = rule.labels ?? {};
      return [
        {
          name: rule.alert,
          severity: severities[severity.toLowerCase()] ?? 2,
          disabled: Number(disabled ?? 0),
          prom_for_duration: secondsOf(rule.for),
          rule_config: { queries: [{ prom_ql: rule.expr ?? "" }] },
          cron_pattern: `@every ${secondsOf(interval)}s`,
          notify_recovered: 1,
          notify_repeat_step: 60,
          recover_duration: 0,
          annotations: rule.annotations ?? null,
          append_tags: Object.entries(labels).map(([key, value]) => `${key}=${value}`),
          datasource_queries: queries,
          notify_version: 1,
        },
      ];
    }),
  );
}

const severities: Readonly<Record<string, number>> = { critical: 1, warning: 2, info: 3 };

function secondsOf(time = ""): number {
  const parts = [...time.matchAll(/(\d+)([smh])/g)];
  if (parts.map(([part]) => part).join("") !== time) return 60;
  const unit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
  return parts.reduce((sum, [, count, of]) => sum + Number(count) * (unit[of ?? ""] ?? 0), 0) || 60;
}
