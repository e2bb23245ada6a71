import { ownValue } from "../path";
import type { HookSettings, ReceiverSettings } from "../schema/alert-receivers";
import type { AlertSettings, TeamSettings } from "../schema/alerts";
import type { Site } from "../schema/site";
import type {
  Address,
  HookAuth,
  HookFormat,
  MessageTimes,
  NotificationBlueprint,
  ReceiverBlueprint,
  TeamBlueprint,
} from "./notification-types";
import { quietSpans } from "./quiet-hours";
import type { Severity } from "./rule-types";
import { silencings } from "./silencing";

export const severities: readonly Severity[] = ["critical", "warning", "info"];

/** Everything decided about who is told of what; undefined where the site tells nobody. */
export function notificationBlueprint(
  name: string,
  { alerts, timezone }: Pick<Site, "alerts" | "timezone">,
): NotificationBlueprint | undefined {
  if (alerts === undefined) return undefined;
  const { language, receivers, grouping, heartbeat, expiries } = alerts;
  return {
    site: name,
    language,
    timezone,
    receivers: sorted(receivers).map(([receiver, settings]) => receiverOf(receiver, settings)),
    teams: teamsOf(alerts),
    grouping: {
      by: grouping.by,
      times: bySeverity((severity): MessageTimes => {
        const { waitSeconds, intervalSeconds, repeatMinutes } = grouping[severity];
        return { waitSeconds, intervalSeconds, repeatSeconds: repeatMinutes * 60 };
      }),
    },
    silencing: silencings,
    ...(heartbeat !== undefined && {
      heartbeat: {
        address: addressOf(heartbeat),
        everySeconds: heartbeat.everySeconds,
        ...(heartbeat.ca !== undefined && { ca: heartbeat.ca }),
      },
    }),
    expiries: sorted(expiries).map(([expiry, settings]) => ({ name: expiry, ...settings })),
  };
}

/** Receivers that a team's alerts of a severity go to: its own, else the default team's. */
export function toldOf(
  { teams, defaultTeam }: Pick<AlertSettings, "teams" | "defaultTeam">,
  team: string,
  severity: Severity,
): readonly string[] {
  return ownValue(teams, team)?.[severity] ?? ownValue(teams, defaultTeam)?.[severity] ?? [];
}

/** A value for each severity. */
export function bySeverity<Value>(make: (severity: Severity) => Value): Record<Severity, Value> {
  return { critical: make("critical"), warning: make("warning"), info: make("info") };
}

function teamsOf(alerts: AlertSettings): readonly TeamBlueprint[] {
  const { teams, defaultTeam } = alerts;
  const blueprint = ([name, { quietHours }]: readonly [string, TeamSettings]): TeamBlueprint => ({
    name,
    isDefault: name === defaultTeam,
    told: bySeverity((severity) => toldOf(alerts, name, severity)),
    quiet: quietSpans(quietHours),
  });
  const all = sorted(teams).map(blueprint);
  return [...all.filter((team) => !team.isDefault), ...all.filter((team) => team.isDefault)];
}

function receiverOf(name: string, settings: ReceiverSettings): ReceiverBlueprint {
  const { sendResolved, ca } = settings;
  const common = { name, sendResolved, ...(ca !== undefined && { ca }) };
  switch (settings.kind) {
    case "email": {
      const { kind, to, from, smarthost, tls, serverName, user, passwordSecret } = settings;
      const [host = "", port = ""] = smarthost.split(":");
      return {
        ...common,
        kind,
        to,
        from,
        server: { host, port: Number(port) },
        tls,
        ...(serverName !== undefined && { serverName }),
        ...(user !== undefined &&
          passwordSecret !== undefined && { login: { user, passwordSecret } }),
      };
    }
    case "wechat": {
      const { kind, corpId, agentId, apiSecret, toUsers, toParties, toTags, apiUrl } = settings;
      const base = apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`;
      return {
        ...common,
        kind,
        corpId,
        agentId,
        apiSecret,
        apiUrl: base,
        toUsers,
        toParties,
        toTags,
      };
    }
    default: {
      const auth = authOf(settings);
      return {
        ...common,
        kind: settings.kind,
        address: addressOf(settings),
        ...(auth !== undefined && { auth }),
        speaks: formatOf(settings),
        to: settings.kind === "sms" ? settings.to : [],
      };
    }
  }
}

function formatOf(settings: HookSettings): HookFormat {
  return settings.kind === "webhook" ? "alertmanager" : settings.speaks;
}

function addressOf({
  url,
  urlSecret,
}: {
  url?: string | undefined;
  urlSecret?: string | undefined;
}): Address {
  return urlSecret === undefined ? { url: url ?? "" } : { urlSecret };
}

function authOf({ bearerSecret, user, passwordSecret }: HookSettings): HookAuth | undefined {
  if (bearerSecret !== undefined) return { bearerSecret };
  return user !== undefined && passwordSecret !== undefined ? { user, passwordSecret } : undefined;
}

function sorted<Value>(
  record: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
