import { ownPrefix } from "../../../components/nightingale/configuration/channels";
import type {
  ChannelBody,
  NightingaleConfiguration,
} from "../../../components/nightingale/configuration/configuration-types";
import { asWanted } from "./as-wanted";
import type { NightingaleClient } from "./client";
import { addressee } from "./login";
import type { Changed } from "./places";

/** Ways of telling people, and who is told by which. */

interface Found {
  readonly id: number;
  readonly name: string;
  /** A template's own, made by the server; whoever changes one has to give it back. */
  readonly ident?: string;
}

/** The calls that one kind of thing is kept by: each takes several at once when they are made, and one to change. */
interface Kind {
  readonly noun: string;
  readonly all: string;
  readonly one: string;
}

const channels: Kind = {
  noun: "channel",
  all: "/notify-channel-configs",
  one: "/notify-channel-config",
};
const templates: Kind = {
  noun: "template",
  all: "/message-templates",
  one: "/message-template",
};
const notifyRules: Kind = { noun: "notify rule", all: "/notify-rules", one: "/notify-rule" };

type Told = Pick<NightingaleConfiguration, "channels" | "notifyRules">;

/** Makes and changes what is wanted; returns the numbers of notify rules by team. */
export async function keepChannels(
  client: NightingaleClient,
  wanted: Told,
  teams: ReadonlyMap<string, number>,
  changed: Changed,
): Promise<(team: string) => number | undefined> {
  const channelIds = await keep(client, channels, wanted.channels.map(channelBody), changed);
  const templateIds = await keep(client, templates, wanted.channels.map(templateBody), changed);
  const people = new Map<string, readonly number[]>();
  for (const { name, addresses } of wanted.channels) {
    const ids: number[] = [];
    for (const address of addresses) ids.push(await addressee(client, address));
    people.set(name, ids);
  }
  const bodies = wanted.notifyRules.map(({ name, team, told }) => ({
    name,
    description: "made by Sitewright",
    enable: true,
    user_group_ids: [teams.get(team)],
    notify_configs: told.flatMap(({ channel, severities, times }) => {
      const id = channelIds.get(channel);
      if (id === undefined) return [];
      const ids = people.get(channel) ?? [];
      return [
        {
          channel_id: id,
          template_id: templateIds.get(channel),
          params: ids.length > 0 ? { user_ids: ids } : {},
          severities,
          time_ranges: times,
          label_keys: [],
          attributes: [],
        },
      ];
    }),
  }));
  const ids = await keep(client, notifyRules, bodies, changed);
  const usual = wanted.notifyRules.find(({ isDefault }) => isDefault)?.name;
  return (team) =>
    ids.get(wanted.notifyRules.find((one) => one.team === team)?.name ?? usual ?? "");
}

/** Removes ours that are wanted no more; after the rules that named them. */
export async function dropChannels(
  client: NightingaleClient,
  wanted: Told,
  changed: Changed,
): Promise<void> {
  const names = new Set(wanted.channels.map(({ name }) => name));
  await drop(client, notifyRules, new Set(wanted.notifyRules.map(({ name }) => name)), changed);
  await drop(client, templates, names, changed);
  await drop(client, channels, names, changed);
}

function channelBody({ content: _, addresses: _to, ...body }: ChannelBody) {
  return { ...body, description: "made by Sitewright", enable: true };
}

function templateBody({ name, ident, content }: ChannelBody) {
  return { name, content, notify_channel_ident: ident, private: 0, user_group_ids: [] };
}

/** Things of one kind by their names, as numbers. */
async function keep(
  client: NightingaleClient,
  { noun, all, one }: Kind,
  bodies: readonly { readonly name: string }[],
  changed: Changed,
): Promise<ReadonlyMap<string, number>> {
  if (bodies.length === 0) return new Map();
  const what = `list its ${noun}s`;
  const found = await client.list<Found>(what, all);
  const missing = bodies.filter(({ name }) => !found.some((there) => there.name === name));
  if (missing.length > 0) await client.ask(`take the ${noun}s`, "POST", all, missing);
  for (const { name } of missing) changed(`${noun} ${name}`);
  for (const body of bodies) {
    const there = found.find(({ name }) => name === body.name);
    if (there === undefined || asWanted(there, body)) continue;
    const { id, ident } = there;
    const whole = { ...(ident !== undefined && { ident }), ...body, id };
    await client.ask(`change the ${noun} ${body.name}`, "PUT", `${one}/${id}`, whole);
    changed(`${noun} ${body.name}`);
  }
  const now = missing.length > 0 ? await client.list<Found>(what, all) : found;
  return new Map(now.map(({ name, id }) => [name, id]));
}

async function drop(
  client: NightingaleClient,
  { noun, all }: Kind,
  wanted: ReadonlySet<string>,
  changed: Changed,
): Promise<void> {
  const found = await client.list<Found>(`list its ${noun}s`, all);
  const gone = found.filter(({ name }) => name.startsWith(ownPrefix) && !wanted.has(name));
  if (gone.length === 0) return;
  await client.ask(`remove ${noun}s`, "DELETE", all, { ids: gone.map(({ id }) => id) });
  for (const { name } of gone) changed(`${noun} ${name}, removed`);
}
