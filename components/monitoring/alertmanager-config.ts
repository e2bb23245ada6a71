import { stringify } from "yaml";
import { severities } from "../../site/alerting/notification";
import type {
  LabelIs,
  MessageTimes,
  NotificationBlueprint,
  QuietSpan,
  Silencing,
  TeamBlueprint,
} from "../../site/alerting/notification-types";
import { timeOf } from "../../site/alerting/quiet-hours";
import { ownReceivers, testLabel, watchdogAlert } from "../../site/alerting/special-labels";
import { heartbeatConfig, receiverConfig } from "./alertmanager-receivers";
import { location } from "./message-templates";
import { seconds } from "./prometheus-rule";

/** Alertmanager's whole configuration, in its own language. Routes are tried from above; the first that fits is taken. */

/** Folders that Alertmanager finds its files in. */
export interface AlertmanagerFolders {
  readonly templates: string;
  readonly secrets: string;
}

const { nobody, heartbeat: beat } = ownReceivers;

export function alertmanagerConfig(
  notification: NotificationBlueprint,
  folders: AlertmanagerFolders,
): string {
  return stringify(configuration(notification, folders), { lineWidth: 0, version: "1.1" });
}

function configuration(
  { timezone, receivers, teams, grouping, silencing, heartbeat }: NotificationBlueprint,
  { templates, secrets }: AlertmanagerFolders,
) {
  const quiet = teams.filter(({ quiet: spans }) => spans.length > 0);
  return {
    templates: [`${templates}/*.tmpl`],
    route: {
      receiver: nobody,
      group_by: grouping.by,
      ...timesOf(grouping.times.warning),
      routes: [
        ...receivers.map(({ name }) => testRoute(name)),
        // A test for a receiver that is gone must not reach a team.
        { matchers: [`${testLabel}!=""`], receiver: nobody },
        {
          matchers: [`alertname="${watchdogAlert}"`],
          ...(heartbeat === undefined
            ? { receiver: nobody }
            : {
                receiver: beat,
                group_by: ["alertname"],
                group_wait: "0s",
                group_interval: `${heartbeat.everySeconds}s`,
                // Less than the interval: with as much, every second one would come just too early and be left out.
                repeat_interval: `${Math.floor(heartbeat.everySeconds / 2)}s`,
              }),
        },
        ...teams.map((team) => teamRoute(team, grouping.times)),
      ],
    },
    receivers: [
      { name: nobody },
      ...(heartbeat === undefined ? [] : [heartbeatConfig(heartbeat, secrets)]),
      ...receivers.map((receiver) => receiverConfig(receiver, secrets)),
    ],
    inhibit_rules: silencing.map(inhibition),
    time_intervals: quiet.map((team) => ({
      name: quietName(team),
      time_intervals: team.quiet.map((span) => interval(span, location(timezone))),
    })),
  };
}

/** The way of a test to one receiver: at once, alone, at any hour. */
function testRoute(receiver: string) {
  return {
    matchers: [`${testLabel}="${receiver}"`],
    receiver,
    group_by: ["..."],
    group_wait: "0s",
    // Also how long a failing receiver is tried, and when the recovery follows; less is not possible.
    group_interval: "10s",
    repeat_interval: "1d",
  };
}

function teamRoute(team: TeamBlueprint, times: NotificationBlueprint["grouping"]["times"]) {
  const [critical, warning, info] = severities.map((severity) => {
    const mute =
      severity === "critical" || team.quiet.length === 0
        ? {}
        : { mute_time_intervals: [quietName(team)] };
    const [first = nobody, ...others] = team.told[severity];
    return {
      ...timesOf(times[severity]),
      ...(others.length === 0
        ? { receiver: first, ...mute }
        : {
            receiver: nobody,
            routes: [first, ...others].map((receiver) => ({ receiver, continue: true, ...mute })),
          }),
    };
  });
  return {
    ...(!team.isDefault && { matchers: [`team="${team.name}"`] }),
    receiver: nobody,
    routes: [
      { matchers: ['severity="critical"'], ...critical },
      { matchers: ['severity="info"'], ...info },
      // Also what has no severity, or one that nobody knows: better told than lost.
      { ...warning },
    ],
  };
}

function timesOf({ waitSeconds, intervalSeconds, repeatSeconds }: MessageTimes) {
  return {
    group_wait: seconds(waitSeconds),
    group_interval: seconds(intervalSeconds),
    repeat_interval: seconds(repeatSeconds),
  };
}

function inhibition({ cause, silenced, sameLabels }: Silencing) {
  return {
    source_matchers: cause.map(matcher),
    target_matchers: silenced.map(matcher),
    ...(sameLabels.length > 0 && { equal: sameLabels }),
  };
}

function matcher({ label, is, isNot }: LabelIs): string {
  const values = is ?? isNot ?? [];
  const one = values.length === 1;
  const sign = is === undefined ? (one ? "!=" : "!~") : one ? "=" : "=~";
  return `${label}${sign}"${values.join("|")}"`;
}

function interval({ days, fromMinute, toMinute }: QuietSpan, place: string) {
  return {
    weekdays: days,
    times: [{ start_time: timeOf(fromMinute), end_time: timeOf(toMinute) }],
    location: place,
  };
}

function quietName({ name }: TeamBlueprint): string {
  return `quiet-${name}`;
}
