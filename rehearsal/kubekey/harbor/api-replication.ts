import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { page, type Route } from "./api-call";
import { requireCron } from "./cron";
import { Refusal } from "./reply";
import type { PlainObject, Store } from "./store";

/** Other registries, and what is copied to them. Nothing is copied: the second registry is only asked for its health. */
export const replicationRoutes: readonly Route[] = [
  ["GET", /^\/registries$/, (call) => page(call, named(call.store.data.registries, call.query))],
  [
    "POST",
    /^\/registries$/,
    async ({ store, body }) => {
      if (store.data.registries.some(({ name }) => name === body.name)) {
        throw new Refusal(409, `registry ${body.name} already exists`);
      }
      const registry = understood(store, body);
      await requireHealthy(registry);
      store.data.registries.push({ ...registry, id: store.id() });
      store.save();
      return { status: 201 };
    },
  ],
  [
    "PUT",
    /^\/registries\/(\d+)$/,
    async ({ store, part, body }) => {
      const found = entry(store.data.registries, part(1), "registry");
      const { credential_type: type, access_key, access_secret, ...rest } = body;
      const changed = {
        ...found,
        ...understood(store, rest),
        credential: { type, access_key, access_secret },
      };
      await requireHealthy(changed);
      Object.assign(found, changed);
      store.save();
      return { status: 200 };
    },
  ],
  [
    "DELETE",
    /^\/registries\/(\d+)$/,
    ({ store, part }) => {
      const found = entry(store.data.registries, part(1), "registry");
      if (store.data.policies.some((policy) => destination(policy) === found.id)) {
        throw new Refusal(412, `the registry ${found.id} is referenced by replication policies`);
      }
      store.data.registries = store.data.registries.filter((one) => one !== found);
      store.save();
      return { status: 200 };
    },
  ],
  [
    "GET",
    /^\/replication\/policies$/,
    (call) => page(call, named(call.store.data.policies, call.query)),
  ],
  [
    "POST",
    /^\/replication\/policies$/,
    ({ store, body }) => {
      checkPolicy(store, body);
      if (store.data.policies.some(({ name }) => name === body.name)) {
        throw new Refusal(409, `policy ${body.name} already exists`);
      }
      store.data.policies.push({ ...body, id: store.id() });
      store.save();
      return { status: 201 };
    },
  ],
  [
    "PUT",
    /^\/replication\/policies\/(\d+)$/,
    ({ store, part, body }) => {
      const found = entry(store.data.policies, part(1), "policy");
      checkPolicy(store, body);
      Object.assign(found, body);
      store.save();
      return { status: 200 };
    },
  ],
  [
    "DELETE",
    /^\/replication\/policies\/(\d+)$/,
    ({ store, part }) => {
      const found = entry(store.data.policies, part(1), "policy");
      store.data.policies = store.data.policies.filter((one) => one !== found);
      store.save();
      return { status: 200 };
    },
  ],
];

/** An older Harbor takes no authority and says nothing about it. */
function understood({ release }: Store, registry: PlainObject): PlainObject {
  const { ca_certificate, ...rest } = registry;
  return release === "2.10" ? rest : registry;
}

/** Names that contain what is looked for; passwords are never shown. */
function named(entries: readonly PlainObject[], query: URLSearchParams): PlainObject[] {
  const wanted = query.get("name") ?? "";
  return entries
    .filter(({ name }) => String(name).includes(wanted))
    .map((found) => ({
      ...found,
      ...(found.credential !== undefined && {
        credential: { ...(found.credential as PlainObject), access_secret: "*****" },
      }),
    }));
}

function entry(entries: readonly PlainObject[], id: string, noun: string): PlainObject {
  const found = entries.find((one) => String(one.id) === id);
  if (found === undefined) throw new Refusal(404, `${noun} ${id} not found`);
  return found;
}

function destination(policy: PlainObject): unknown {
  return (policy.dest_registry as PlainObject | undefined)?.id;
}

function checkPolicy(store: Store, policy: PlainObject): void {
  if (!store.data.registries.some(({ id }) => id === destination(policy))) {
    throw new Refusal(
      400,
      "either src_registry or dest_registry should be empty and the other one shouldn't be empty",
    );
  }
  const { type, trigger_settings } = (policy.trigger ?? {}) as {
    type?: string;
    trigger_settings?: { cron?: string };
  };
  if (type === "scheduled") {
    requireCron(trigger_settings?.cron, "trigger");
    if (trigger_settings?.cron?.startsWith("0 * ")) {
      throw new Refusal(
        400,
        "* is not allowed for the Minutes field of the cron setting of replication policy",
      );
    }
  } else if (type !== "event_based" && type !== "manual") {
    throw new Refusal(400, "invalid trigger type");
  }
}

const REACH_MS = 5000;

/** Really asks it, with the authority that was given. */
async function requireHealthy({ url, ca_certificate: ca }: PlainObject): Promise<void> {
  const send = String(url).startsWith("https:") ? request : plainRequest;
  const status = await new Promise<number>((resolve) => {
    const asked = send(
      `${url}/v2/`,
      { timeout: REACH_MS, ...(ca ? { ca: String(ca) } : {}) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on("error", () => resolve(0));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
  if (![200, 401].includes(status)) throw new Refusal(400, "the registry is unhealthy");
}
