import { severities } from "../../../site/alerting/notification";
import type {
  Address,
  EmailReceiver,
  HookReceiver,
  NotificationBlueprint,
  ReceiverBlueprint,
  TeamBlueprint,
} from "../../../site/alerting/notification-types";
import type { Severity } from "../../../site/alerting/rule-types";
import { weekdays } from "../../../site/schema/week-times";
import type { ChannelBody, NotifyRuleBody, TimeRange } from "./configuration-types";
import { severityNumber } from "./rules";

/** Receivers and teams as Nightingale keeps them. */

/** Before the names of channels and notify rules of ours. */
export const ownPrefix = "sitewright ";

type SecretOf = (name: string) => string;

/** Words in its templates, which are Go's. A title begins with one that tells how bad it is. */
const words =
  '{{$word := "WARNING"}}{{if $event.IsRecovered}}{{$word = "OK"}}{{else if eq $event.Severity 1}}{{$word = "CRITICAL"}}{{else if eq $event.Severity 3}}{{$word = "INFO"}}{{end}}';
const said = ["summary", "description", "runbook"].map(
  (key) => `(index $event.AnnotationsJSON "${key}")`,
);

/** One for each receiver that somebody is told by, with its secrets in it. */
export function channelBodies(
  { receivers, teams, site }: NotificationBlueprint,
  secretOf: SecretOf,
): readonly ChannelBody[] {
  const used = new Set(teams.flatMap(({ told }) => Object.values(told).flat()));
  return receivers
    .filter(({ name }) => used.has(name))
    .flatMap((receiver) => channelOf(receiver, site, secretOf));
}

function channelOf(
  receiver: ReceiverBlueprint,
  site: string,
  secretOf: SecretOf,
): readonly ChannelBody[] {
  if (receiver.kind === "email") return [emailChannel(receiver, site, secretOf)];
  if (receiver.kind === "wechat") return [];
  return [hookChannel(receiver, site, secretOf)];
}

function emailChannel(
  { name, server, from, login, to }: EmailReceiver,
  site: string,
  secretOf: SecretOf,
): ChannelBody {
  return {
    name: `${ownPrefix}${name}`,
    ident: "email",
    request_type: "smtp",
    request_config: {
      smtp_request_config: {
        ...server,
        username: login?.user ?? "",
        password: login === undefined ? "" : secretOf(login.passwordSecret),
        from,
        insecure_skip_verify: false,
        batch: 0,
      },
    },
    param_config: { user_info: { contact_key: "email" }, custom: { params: null } },
    content: {
      subject: `${words}[${site}] {{$word}}: {{$event.RuleName}}`,
      // A mail is HTML, and what alerts say is not.
      content: `<pre>${said.map((one) => `{{html ${one}}}\n`).join("")}{{html (printf "%v" $event.TagsJSON)}}</pre>`,
    },
    addresses: to,
  };
}

function hookChannel(receiver: HookReceiver, site: string, secretOf: SecretOf): ChannelBody {
  const { name, speaks, address, auth } = receiver;
  const robot = speaks === "dingtalk" || speaks === "feishu" || speaks === "wecom";
  const authorization =
    auth &&
    ("bearerSecret" in auth
      ? `Bearer ${secretOf(auth.bearerSecret)}`
      : `Basic ${Buffer.from(`${auth.user}:${secretOf(auth.passwordSecret)}`).toString("base64")}`);
  return {
    name: `${ownPrefix}${name}`,
    ident: robot ? speaks : "callback",
    request_type: "http",
    request_config: {
      http_request_config: {
        url: urlOf(address, secretOf),
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...(authorization !== undefined && { Authorization: authorization }),
        },
        proxy: "",
        timeout: 10_000,
        concurrency: 5,
        retry_times: 3,
        retry_interval: 1000,
        request: { parameters: {}, form: "", body: hookBody(receiver, site) },
      },
    },
    param_config: { custom: { params: [] } },
    // Required, and not used: it escapes texts for HTML, and not all of what JSON escapes.
    content: { content: "{{$event.RuleName}}" },
    addresses: [],
  };
}

/** What is posted; texts stand in it as JSON, whatever an alert says. */
function hookBody({ speaks, to }: HookReceiver, site: string): string {
  // Its `printf` takes one value only.
  const lineBreak = JSON.stringify("\n");
  const title = `print ${JSON.stringify(`[${site}] `)} $word ": " $event.RuleName`;
  const text = `print ${said.join(` ${lineBreak} `)} ${lineBreak} $event.TagsJSON`;
  const begin = `${words}{{$title := ${title}}}{{$text := ${text}}}`;
  const whole = `{{jsonMarshal (print $title ${lineBreak} $text)}}`;
  switch (speaks) {
    case "dingtalk":
      return `${begin}{"msgtype":"markdown","markdown":{"title":{{jsonMarshal $title}},"text":${whole}}}`;
    case "feishu":
      return `${begin}{"msg_type":"text","content":{"text":${whole}}}`;
    case "wecom":
      return `${begin}{"msgtype":"text","text":{"content":${whole}}}`;
    default:
      return `${begin}{"to":${JSON.stringify(to)},"title":{{jsonMarshal $title}},"text":{{jsonMarshal $text}},"status":"{{if $event.IsRecovered}}resolved{{else}}firing{{end}}","severity":"{{if eq $event.Severity 1}}critical{{else if eq $event.Severity 2}}warning{{else}}info{{end}}","site":${JSON.stringify(site)}}`;
  }
}

function urlOf(address: Address, secretOf: SecretOf): string {
  return "url" in address ? address.url : secretOf(address.urlSecret);
}

/** One for each team that is told anything. */
export function notifyRuleBodies({
  receivers,
  teams,
}: NotificationBlueprint): readonly NotifyRuleBody[] {
  return teams.flatMap((team) => {
    const told = receivers.flatMap(({ name }) => toldBy(team, name));
    const { name, isDefault } = team;
    return told.length === 0 ? [] : [{ name: `${ownPrefix}${name}`, team: name, isDefault, told }];
  });
}

/** What is critical is told at any time, the rest outside quiet hours. */
function toldBy({ told, quiet }: TeamBlueprint, receiver: string): NotifyRuleBody["told"] {
  const mine = severities.filter((severity) => told[severity].includes(receiver));
  const at = (some: readonly Severity[], times: readonly TimeRange[]) =>
    some.length === 0
      ? []
      : [{ channel: `${ownPrefix}${receiver}`, severities: some.map(severityNumber), times }];
  if (quiet.length === 0) return at(mine, []);
  return [
    ...at(
      mine.filter((severity) => severity === "critical"),
      [],
    ),
    ...at(
      mine.filter((severity) => severity !== "critical"),
      loudTimes(quiet),
    ),
  ];
}

/** What quiet spans leave of each day. */
export function loudTimes(quiet: TeamBlueprint["quiet"]): readonly TimeRange[] {
  return weekdays.flatMap((day, at) => {
    const spans = quiet
      .filter(({ days }) => days.includes(day))
      .sort((one, other) => one.fromMinute - other.fromMinute);
    const week = [(at + 1) % 7];
    const times: TimeRange[] = [];
    let from = 0;
    for (const { fromMinute, toMinute } of spans) {
      if (fromMinute > from) times.push({ start: clock(from), end: clock(fromMinute), week });
      from = Math.max(from, toMinute);
    }
    if (from < 1440) times.push({ start: clock(from), end: "24:00", week });
    return times;
  });
}

function clock(minute: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
