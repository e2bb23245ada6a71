import type { NightingaleConfiguration } from "../../../components/nightingale/configuration/configuration-types";
import { asWanted } from "./as-wanted";
import type { NightingaleClient } from "./client";

/** What everything else refers to by number: the datasource, the teams, and the group of both. */

interface Named {
  readonly id: number;
  readonly name: string;
}

interface Group extends Named {
  readonly user_groups:
    | readonly { readonly user_group: Named; readonly perm_flag: string }[]
    | null;
}

/** Tells what was changed, in a few words. */
export type Changed = (what: string) => void;

/** The datasource by its name; returns its number. */
export async function keepDatasource(
  client: NightingaleClient,
  { datasource }: Pick<NightingaleConfiguration, "datasource">,
  changed: Changed,
): Promise<number> {
  const { name, url } = datasource;
  const found = await client.ask<readonly Named[] | null>(
    "list its datasources",
    "POST",
    "/datasource/list",
    {},
  );
  const there = found?.find((one) => one.name === name);
  const wanted = {
    name,
    identifier: "",
    description: "",
    plugin_type: "prometheus",
    category: "timeseries",
    cluster_name: "default",
    settings: {},
    http: { url, timeout: 10_000, dial_timeout: 3000, headers: {}, max_idle_conns_per_host: 100 },
    auth: { basic_auth: false, basic_auth_user: "", basic_auth_password: "" },
    is_default: true,
  };
  if (there !== undefined && asWanted(there, wanted)) return there.id;
  // Without the last, it refuses what does not answer it at this moment.
  const body = { ...wanted, ...(there && { id: there.id }), status: "enabled", force_save: true };
  const what = `take the datasource ${name}`;
  const { id } = await client.ask<{ id: number }>(what, "POST", "/datasource/upsert", body);
  changed(`datasource ${name}`);
  return id;
}

/** User groups by their names, as numbers; who is in them is left to people. */
export async function keepTeams(
  client: NightingaleClient,
  { teams }: Pick<NightingaleConfiguration, "teams">,
  changed: Changed,
): Promise<ReadonlyMap<string, number>> {
  const found = await client.list<Named>("list its teams", "/user-groups?limit=5000");
  const ids = new Map<string, number>();
  for (const name of teams) {
    let id = found.find((one) => one.name === name)?.id;
    if (id === undefined) {
      const body = { name, note: "made by Sitewright" };
      id = await client.ask<number>(`make the team ${name}`, "POST", "/user-groups", body);
      changed(`team ${name}`);
    }
    ids.set(name, id);
  }
  return ids;
}

/** The business group, in which every team may change things; other teams that are in it stay. Returns its number. */
export async function keepGroup(
  client: NightingaleClient,
  { group }: Pick<NightingaleConfiguration, "group">,
  teams: ReadonlyMap<string, number>,
  changed: Changed,
): Promise<number> {
  const found = await client.list<Named>("list its groups", "/busi-groups?all=true&limit=5000");
  const there = found.find((one) => one.name === group);
  const members = [...teams.values()].map((id) => ({ user_group_id: id, perm_flag: "rw" }));
  if (there === undefined) {
    const what = `make the group ${group}`;
    const id = await client.ask<number>(what, "POST", "/busi-groups", { name: group, members });
    changed(`group ${group}`);
    return id;
  }
  const { id } = there;
  const { user_groups } = await client.ask<Group>(`tell of ${group}`, "GET", `/busi-group/${id}`);
  const has = new Set(user_groups?.map((one) => one.user_group.id));
  const missing = members.filter((member) => !has.has(member.user_group_id));
  if (missing.length > 0) {
    const body = missing.map((member) => ({ ...member, busi_group_id: id }));
    await client.ask(`add teams to ${group}`, "POST", `/busi-group/${id}/members`, body);
    changed(`teams of ${group}`);
  }
  return id;
}
