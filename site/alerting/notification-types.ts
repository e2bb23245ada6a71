import type { Weekday } from "../schema/week-times";
import type { Severity } from "./rule-types";

/**
 * Who is told of what, decided: the one model that Alertmanager and Nightingale are configured from. It holds no word of
 * either, and secrets by name only.
 */
export interface NotificationBlueprint {
  readonly site: string;
  readonly language: Language;
  /** IANA name; what quiet hours and times in messages are in. */
  readonly timezone: string;
  /** In the order of their names. */
  readonly receivers: readonly ReceiverBlueprint[];
  /** In the order of their names, the default team last: it gets all that no other team is named for. */
  readonly teams: readonly TeamBlueprint[];
  readonly grouping: {
    /** Labels that alerts of one message have in common. */
    readonly by: readonly string[];
    readonly times: Readonly<Record<Severity, MessageTimes>>;
  };
  readonly silencing: readonly Silencing[];
  /** Absent where nobody outside waits for a sign of life. */
  readonly heartbeat?: HeartbeatBlueprint;
  readonly expiries: readonly ExpiryBlueprint[];
}

export type Language = "en" | "zh";

export interface MessageTimes {
  /** How long a first message waits for more of its kind. */
  readonly waitSeconds: number;
  /** How long news of the same group wait, recoveries among them. */
  readonly intervalSeconds: number;
  /** How often it is said again while nothing changes. */
  readonly repeatSeconds: number;
}

export type ReceiverBlueprint = EmailReceiver | WechatReceiver | HookReceiver;

interface Receiver {
  /** Unlike every other of the site; never one of {@link ownReceivers}. */
  readonly name: string;
  /** Whether it is told that something is over. */
  readonly sendResolved: boolean;
  /** Authority of its certificate; absent where everybody knows it. */
  readonly ca?: string;
}

export interface EmailReceiver extends Receiver {
  readonly kind: "email";
  readonly to: readonly string[];
  readonly from: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly tls: "starttls" | "implicit" | "none";
  /** Name that the server's certificate is for, where it is not its host. */
  readonly serverName?: string;
  readonly login?: { readonly user: string; readonly passwordSecret: string };
}

export interface WechatReceiver extends Receiver {
  readonly kind: "wechat";
  readonly corpId: string;
  readonly agentId: string;
  readonly apiSecret: string;
  /** Ends with a slash. */
  readonly apiUrl: string;
  readonly toUsers: readonly string[];
  readonly toParties: readonly string[];
  readonly toTags: readonly string[];
}

/** Whatever takes messages by HTTP. */
export interface HookReceiver extends Receiver {
  readonly kind: "sms" | "im" | "webhook";
  readonly address: Address;
  readonly auth?: HookAuth;
  /** What it understands. */
  readonly speaks: HookFormat;
  /** Telephone numbers of an `sms`; empty for the others. */
  readonly to: readonly string[];
}

/**
 * `alertmanager`: the object that Alertmanager posts by itself; `message`: one flat object with `to`, `title`, `text`,
 * `status`, `severity` and `site`; the others: what group robots of these makers take.
 */
export type HookFormat = "alertmanager" | "message" | "dingtalk" | "feishu" | "wecom";

export type Address = { readonly url: string } | { readonly urlSecret: string };

export type HookAuth =
  | { readonly bearerSecret: string }
  | { readonly user: string; readonly passwordSecret: string };

export interface TeamBlueprint {
  /** Value of the label `team`. */
  readonly name: string;
  /** Whether it also gets what belongs to no team. */
  readonly isDefault: boolean;
  /** Names of receivers; empty: nobody is told. */
  readonly told: Readonly<Record<Severity, readonly string[]>>;
  /** When everything below critical waits. Empty: never. */
  readonly quiet: readonly QuietSpan[];
}

/** A part of one day: days whose `fromMinute` ≤ minute < `toMinute` of the site's time. */
export interface QuietSpan {
  /** In the order of the week. */
  readonly days: readonly Weekday[];
  /** From 0 to 1439. */
  readonly fromMinute: number;
  /** From 1 to 1440, after `fromMinute`. */
  readonly toMinute: number;
}

/** A label that has one of some values; "" stands for a label that is not there. */
export interface LabelIs {
  readonly label: string;
  /** Of `is` and `isNot` there is one. */
  readonly is?: readonly string[];
  readonly isNot?: readonly string[];
}

/** What is not told while its cause is, where both have the same values of some labels. */
export interface Silencing {
  readonly name: string;
  readonly cause: readonly LabelIs[];
  readonly silenced: readonly LabelIs[];
  readonly sameLabels: readonly string[];
}

/** A sign of life: the alert that always fires is posted to an address outside the site. */
export interface HeartbeatBlueprint {
  readonly address: Address;
  readonly everySeconds: number;
  readonly ca?: string;
}

export interface ExpiryBlueprint {
  readonly name: string;
  /** Last day on which it is valid, as `2027-03-31`. */
  readonly date: string;
  readonly warnDays: number;
}
