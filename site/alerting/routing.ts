import { severities } from "./notification";
import type {
  Address,
  NotificationBlueprint,
  ReceiverBlueprint,
  TeamBlueprint,
} from "./notification-types";
import { isQuiet } from "./quiet-hours";
import type { Severity } from "./rule-types";
import { ownReceivers, testLabel, watchdogAlert } from "./special-labels";

/** Who gets an alert: what every configuration made of the model must agree with. */

export interface Told {
  /** Absent for tests and for the sign of life, which belong to nobody. */
  readonly team?: string;
  /** As what it is treated; absent likewise. */
  readonly severity?: Severity;
  /** Names; empty: nobody. */
  readonly receivers: readonly string[];
  /** Whether they are told only once quiet hours are over. */
  readonly waits: boolean;
  /** Labels that alerts of the same message have in common, with their values; undefined: each is a message of its own. */
  readonly group?: Readonly<Record<string, string>>;
}

type Labels = Readonly<Record<string, string>>;

/** Who is told of an alert with these labels that comes up at a moment. */
export function toldOfAlert(
  notification: NotificationBlueprint,
  labels: Labels,
  moment: Date,
): Told {
  const { receivers, heartbeat, grouping, timezone } = notification;
  const tested = labels[testLabel] ?? "";
  if (tested !== "") {
    const known = receivers.some(({ name }) => name === tested);
    return { receivers: known ? [tested] : [], waits: false };
  }
  if (labels.alertname === watchdogAlert) {
    return {
      receivers: heartbeat === undefined ? [] : [ownReceivers.heartbeat],
      waits: false,
      group: grouped(labels, ["alertname"]),
    };
  }
  const team = teamOf(notification, labels.team);
  const severity = severities.find((one) => one === labels.severity) ?? "warning";
  return {
    team: team.name,
    severity,
    receivers: team.told[severity],
    waits: severity !== "critical" && isQuiet(team.quiet, timezone, moment),
    group: grouped(labels, grouping.by),
  };
}

/** The team that gets what rules name a team for. */
export function teamOf({ teams }: NotificationBlueprint, name: string | undefined): TeamBlueprint {
  const found = teams.find((team) => team.name === name) ?? teams.find((team) => team.isDefault);
  if (found === undefined) throw new Error("alerts without a default team");
  return found;
}

function grouped(labels: Labels, by: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(by.map((label) => [label, labels[label] ?? ""]));
}

/** What a receiver reaches, for people: addresses, numbers, names. Secrets stay names. */
export function reachedBy(receiver: ReceiverBlueprint): readonly string[] {
  switch (receiver.kind) {
    case "email":
      return receiver.to;
    case "wechat":
      return [
        ...receiver.toUsers.map((user) => `user ${user}`),
        ...receiver.toParties.map((party) => `department ${party}`),
        ...receiver.toTags.map((tag) => `tag ${tag}`),
      ];
    default:
      return receiver.to.length > 0 ? receiver.to : [addressText(receiver.address)];
  }
}

export function addressText(address: Address): string {
  return "url" in address ? address.url : `the address in ${address.urlSecret}`;
}
