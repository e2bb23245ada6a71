import { Refusal } from "./refusal";
import type { Body } from "./rules";
import type { Collection, Row, Store } from "./store";

/** Things that are found, listed, changed and removed by number. */

export interface Call {
  readonly method: string;
  /** Without what all paths begin with. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly user: Row;
}

export type Answer = (call: Call, ...parts: readonly string[]) => unknown;

/** Lists, takes several at once, changes one as a whole, and removes several. */
export function numbered(
  store: Store,
  collection: "channels" | "templates" | "notifyRules",
  noun: string,
  own: () => object,
): readonly (readonly [RegExp, Answer])[] {
  return [
    [new RegExp(`^GET /${noun}s$`), () => store.all(collection)],
    [
      new RegExp(`^POST /${noun}s$`),
      ({ body }) => {
        const rows = several(body);
        const taken = (name: unknown) => store.find(collection, (one) => one.name === name);
        if (collection === "channels" && rows.some(({ name }) => taken(name))) {
          throw new Refusal(400, "name already exists");
        }
        for (const one of rows) refuseMailWithoutLogin(one);
        return rows.map((one) => store.add(collection, { ...one, ...own() }));
      },
    ],
    [
      new RegExp(`^PUT /${noun}/(\\d+)$`),
      ({ body }, id) => {
        const there = row(store, collection, id, `${noun} not found`);
        if (collection === "templates" && there.ident !== (body as Body).ident) {
          throw new Refusal(200, "cannot update ident");
        }
        Object.assign(there, body as Body, { id: there.id });
        store.save();
      },
    ],
    [
      new RegExp(`^DELETE /${noun}s$`),
      ({ body }) => {
        const ids = idsOf(body);
        refuseUsed(store, collection, ids);
        removeIds(store, collection, body);
      },
    ],
  ];
}

function refuseMailWithoutLogin({ request_type, request_config }: Body): void {
  if (request_type !== "smtp") return;
  const { smtp_request_config: mail } = request_config as { smtp_request_config?: Body };
  for (const key of ["host", "username", "password", "from"]) {
    if (!mail?.[key]) throw new Refusal(200, `smtp ${key} cannot be empty`);
  }
}

function refuseUsed(store: Store, collection: Collection, ids: readonly number[]): void {
  const key = { channels: "channel_id", templates: "template_id" }[collection as string];
  if (key === undefined) return;
  const users = store
    .all("notifyRules")
    .filter((one) =>
      ((one.notify_configs ?? []) as readonly Body[]).some((told) =>
        ids.includes(Number(told[key])),
      ),
    );
  if (users.length > 0) {
    throw new Refusal(200, `used by notify rule: [${users.map(({ id }) => id).join(" ")}]`);
  }
}

/** @throws a refusal in plain text where there is none of that number */
export function row(
  store: Store,
  collection: Collection,
  id: string | undefined,
  none: string,
): Row {
  const found = store.find(collection, (one) => one.id === Number(id));
  if (found === undefined) throw new Refusal(404, none);
  return found;
}

export function several(body: unknown): readonly Body[] {
  if (!Array.isArray(body) || body.length === 0) throw new Refusal(400, "input json is empty");
  return body;
}

export function idsOf(body: unknown): readonly number[] {
  const { ids } = (body ?? {}) as { ids?: readonly number[] };
  if (ids === undefined || ids.length === 0) throw new Refusal(400, "ids empty");
  return ids;
}

export function removeIds(store: Store, collection: Collection, body: unknown): void {
  const ids = idsOf(body);
  store.remove(collection, ({ id }) => ids.includes(id));
}
