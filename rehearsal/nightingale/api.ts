import { randomUUID } from "node:crypto";
import { type Access, shown } from "./access";
import { type Answer, idsOf, numbered, removeIds, row, several } from "./numbered";
import { Refusal } from "./refusal";
import { addRules, type Body, changeRule, importedRules } from "./rules";
import type { Row, Store } from "./store";

/** The part of Nightingale's API that deliveries use. */

/** Calls by method and path; groups of the path are handed over. */
export function calls(store: Store, access: Access): readonly (readonly [RegExp, Answer])[] {
  const group = (id: string | undefined) => row(store, "groups", id, "No such BusiGroup");
  return [
    [/^GET \/self\/profile$/, ({ user }) => shown(user)],
    [/^PUT \/self\/password$/, ({ user, body }) => access.changePassword(user, body as Body)],
    [
      /^GET \/self\/token$/,
      ({ user }) => store.all("tokens").filter((one) => one.username === user.username),
    ],
    [/^POST \/self\/token$/, ({ user, body }) => access.addToken(user, body as Body)],
    [/^GET \/users$/, ({ query }) => users(store, query)],
    [/^POST \/users$/, ({ body }) => access.addUser(body as Body)],
    [
      /^PUT \/user\/(\d+)\/password$/,
      ({ body }, id) =>
        access.setPassword(row(store, "users", id, "No such user"), (body as Body).password),
    ],
    [/^GET \/user-groups$/, () => store.all("teams")],
    [/^POST \/user-groups$/, ({ body }) => addTeam(store, body as Body)],
    [/^GET \/busi-groups$/, () => store.all("groups").map(({ members: _, ...one }) => one)],
    [/^POST \/busi-groups$/, ({ body }) => addGroup(store, body as Body)],
    [/^GET \/busi-group\/(\d+)$/, (_, id) => groupWithTeams(store, group(id))],
    [
      /^POST \/busi-group\/(\d+)\/members$/,
      ({ body }, id) => addMembers(store, group(id), body as readonly Body[]),
    ],
    [
      /^GET \/busi-group\/(\d+)\/alert-rules$/,
      (_, id) => store.all("rules").filter((one) => one.group_id === Number(id)),
    ],
    [
      /^POST \/busi-group\/(\d+)\/alert-rules$/,
      ({ body }, id) => addRules(store, group(id).id, several(body)),
    ],
    [
      /^POST \/busi-group\/(\d+)\/alert-rules\/import-prom-rule$/,
      ({ body }, id) => {
        const { payload, datasource_queries: queries, disabled } = body as Body;
        return addRules(store, group(id).id, importedRules(payload, queries, disabled));
      },
    ],
    [
      /^DELETE \/busi-group\/(\d+)\/alert-rules$/,
      ({ body }, id) => {
        const ids = idsOf(body);
        store.remove("rules", (one) => ids.includes(one.id) && one.group_id === Number(id));
      },
    ],
    [
      /^PUT \/busi-group\/\d+\/alert-rule\/(\d+)$/,
      ({ body }, id) =>
        changeRule(store, row(store, "rules", id, "No such AlertRule"), body as Body),
    ],
    [
      /^GET \/busi-group\/(\d+)\/boards$/,
      (_, id) =>
        store
          .all("boards")
          .filter((one) => one.group_id === Number(id))
          .sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1))
          .map(({ configs: _configs, ...one }) => ({ ...one, configs: "" })),
    ],
    [
      /^POST \/busi-group\/(\d+)\/boards$/,
      ({ body }, id) => addBoard(store, group(id).id, body as Body),
    ],
    [/^GET \/board\/([\w-]+)$/, (_, id) => board(store, id)],
    [
      /^PUT \/board\/(\d+)$/,
      ({ body }, id) => {
        const { name, ident, tags, note } = body as Body;
        return Object.assign(board(store, id), { name, ident, tags, note });
      },
    ],
    [
      /^PUT \/board\/([\w-]+)\/configs$/,
      ({ body }, id) => Object.assign(board(store, id), { configs: (body as Body).configs }),
    ],
    [/^DELETE \/boards$/, ({ body }) => removeIds(store, "boards", body)],
    ...numbered(store, "channels", "notify-channel-config", () => ({})),
    // Each gets an ident of its own, which can never be changed.
    ...numbered(store, "templates", "message-template", () => ({ ident: randomUUID() })),
    ...numbered(store, "notifyRules", "notify-rule", () => ({})),
  ];
}

function users(store: Store, query: URLSearchParams) {
  const names = (query.get("usernames") ?? "").split(",").filter((name) => name !== "");
  const list = store
    .all("users")
    .filter(({ username }) => names.length === 0 || names.includes(String(username)))
    .slice(0, Number(query.get("limit") ?? 20))
    .map(shown);
  return { list, total: list.length };
}

function addTeam(store: Store, { name, note }: Body): number {
  if (store.find("teams", (one) => one.name === name)) {
    throw new Refusal(200, "UserGroup already exists");
  }
  return store.add("teams", { name, note });
}

function addGroup(store: Store, { name, members }: Body): number {
  const teams = (members ?? []) as readonly Body[];
  if (teams.length === 0) throw new Refusal(400, "members empty");
  if (!teams.some((one) => one.perm_flag === "rw")) {
    throw new Refusal(400, "At least one team have rw permission");
  }
  if (store.find("groups", (one) => one.name === name)) {
    throw new Refusal(200, "BusiGroup already exists");
  }
  return store.add("groups", { name, members: teams });
}

function groupWithTeams(store: Store, { members, ...group }: Row) {
  const user_groups = (members as readonly Body[]).map((member) => ({
    user_group: store.find("teams", ({ id }) => id === member.user_group_id),
    perm_flag: member.perm_flag,
  }));
  return { ...group, user_groups };
}

function addMembers(store: Store, group: Row, members: readonly Body[]): void {
  if (members.some((one) => one.busi_group_id !== group.id)) {
    throw new Refusal(400, "business group id invalid");
  }
  (group.members as Body[]).push(...members);
  store.save();
}

function addBoard(store: Store, group: number, body: Body) {
  const taken = (key: "ident" | "name") => store.find("boards", (one) => one[key] === body[key]);
  if (body.ident && taken("ident")) throw new Refusal(200, "Ident duplicate");
  if (taken("name")?.group_id === group) throw new Refusal(200, "Name duplicate");
  return { ...body, id: store.add("boards", { ...body, group_id: group }) };
}

function board(store: Store, key: string | undefined): Row {
  const found = store.find("boards", ({ id, ident }) => ident === key || String(id) === key);
  if (found === undefined) throw new Refusal(404, "No such dashboard");
  return found;
}
