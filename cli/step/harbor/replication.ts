import type { HarborReplication } from "../../../site/platform/registry-types";
import type { Say } from "../../../ssh/session";
import type { HarborClient } from "./client";

/** Name of our registry and policy within Harbor; others are nobody's concern. */
const NAME = "sitewright";

interface FoundRegistry {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly url: string;
  readonly credential?: { readonly access_key?: string } | null;
  readonly ca_certificate?: string;
}

interface FoundPolicy {
  readonly id: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly deletion?: boolean;
  readonly replicate_deletion?: boolean;
  readonly dest_registry?: { readonly id?: number } | null;
  readonly filters?: readonly { readonly type: string; readonly value: unknown }[] | null;
  readonly trigger?: {
    readonly type?: string;
    readonly trigger_settings?: { readonly cron?: string } | null;
  } | null;
}

interface Found {
  readonly registry?: FoundRegistry | undefined;
  readonly policy?: FoundPolicy | undefined;
}

async function find(client: HarborClient): Promise<Found> {
  // Both searches find names that merely contain ours.
  const registries = await client.list<FoundRegistry>(
    "list its registries",
    `/registries?name=${NAME}`,
  );
  const policies = await client.list<FoundPolicy>(
    "list its replications",
    `/replication/policies?name=${NAME}`,
  );
  return {
    registry: registries.find(({ name }) => name === NAME),
    policy: policies.find(({ name }) => name === NAME),
  };
}

export async function readReplication(
  client: HarborClient,
): Promise<HarborReplication | undefined> {
  return asConfigured(await find(client));
}

function asConfigured({ registry, policy }: Found): HarborReplication | undefined {
  if (registry === undefined || policy === undefined) return undefined;
  const { type, trigger_settings } = policy.trigger ?? {};
  const names = (policy.filters ?? []).map(({ type, value }) =>
    type === "name" ? String(value) : `${type}=${JSON.stringify(value)}`,
  );
  return {
    url: registry.url,
    type: registry.type,
    user: registry.credential?.access_key ?? "",
    ca: (registry.ca_certificate ?? "").trim(),
    when: type === "event_based" ? "push" : (trigger_settings?.cron ?? "by hand"),
    repositories: names.join(" and "),
    deletions: policy.replicate_deletion ?? policy.deletion ?? false,
    enabled: policy.enabled,
  };
}

/**
 * Sets the second registry and what is copied to it. Its password cannot be read back, so all of it is sent with
 * every change. One that is no longer wanted is removed with its password; its images stay.
 */
export async function applyReplication(
  client: HarborClient,
  wanted: HarborReplication | undefined,
  options: { readonly managed: boolean; readonly password: string },
  say: Say,
): Promise<void> {
  let found = await find(client);
  if (wanted === undefined) {
    if (options.managed) await remove(client, found, say);
    return;
  }
  if (found.registry !== undefined && found.registry.type !== wanted.type) {
    // A registry keeps the type that it was made with, and its name is taken.
    await remove(client, found, say);
    found = {};
  }
  await putRegistry(client, found.registry, wanted, options.password);
  const { registry } = await find(client);
  const policy = {
    name: NAME,
    dest_registry: { id: registry?.id },
    // The name there is the name here, whole.
    dest_namespace: "",
    dest_namespace_replace_count: 0,
    filters: wanted.repositories === "" ? [] : [{ type: "name", value: wanted.repositories }],
    trigger:
      wanted.when === "push"
        ? { type: "event_based" }
        : { type: "scheduled", trigger_settings: { cron: wanted.when } },
    deletion: wanted.deletions,
    replicate_deletion: wanted.deletions,
    override: true,
    enabled: wanted.enabled,
  };
  const what = "take the replication";
  const path = "/replication/policies";
  if (found.policy === undefined) await client.change(what, "POST", path, policy);
  else await client.change(what, "PUT", `${path}/${found.policy.id}`, policy);
  say(`images are copied to ${wanted.url}: ${wanted.when}`);
}

async function putRegistry(
  client: HarborClient,
  found: FoundRegistry | undefined,
  { url, type, user, ca }: HarborReplication,
  password: string,
): Promise<void> {
  const what = `reach the second registry ${url}`;
  if (found !== undefined) {
    // The keys of a change are flat; with another address Harbor forgets the password, so it always goes along.
    await client.change(what, "PUT", `/registries/${found.id}`, {
      url,
      credential_type: "basic",
      access_key: user,
      access_secret: password,
      ca_certificate: ca,
      insecure: false,
    });
    return;
  }
  await client.change(what, "POST", "/registries", {
    name: NAME,
    type,
    url,
    ...(user !== "" && {
      credential: { type: "basic", access_key: user, access_secret: password },
    }),
    ...(ca !== "" && { ca_certificate: ca }),
    insecure: false,
  });
}

/** First the policy: a registry that one names cannot be removed. */
async function remove(client: HarborClient, { policy, registry }: Found, say: Say): Promise<void> {
  if (policy !== undefined) {
    await client.change("end the replication", "DELETE", `/replication/policies/${policy.id}`);
  }
  if (registry !== undefined) {
    await client.change("forget the second registry", "DELETE", `/registries/${registry.id}`);
    say(`images are no longer copied to ${registry.url}; what is there stays`);
  }
}
