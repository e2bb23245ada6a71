/** What Nightingale is to hold, in the words of its API: what its server numbers stands here by name. */
export interface NightingaleConfiguration {
  readonly datasource: { readonly name: string; readonly url: string };
  /** The business group that rules and boards are kept in. */
  readonly group: string;
  /** Names of user groups; who is in them is for people to say. */
  readonly teams: readonly string[];
  readonly rules: readonly RuleBody[];
  readonly boards: readonly BoardBody[];
  /** Empty where it tells nobody. */
  readonly channels: readonly ChannelBody[];
  readonly notifyRules: readonly NotifyRuleBody[];
}

/** A rule of alerting; the datasource's and the notify rules' numbers are filled in by whoever sends it. */
export interface RuleBody {
  readonly name: string;
  readonly prod: "metric";
  readonly cate: "prometheus";
  /** 1 is the worst. */
  readonly severity: 1 | 2 | 3;
  readonly disabled: 0;
  readonly prom_for_duration: number;
  readonly rule_config: {
    readonly queries: readonly [{ readonly prom_ql: string; readonly severity: 1 | 2 | 3 }];
  };
  readonly cron_pattern: string;
  readonly enable_in_bg: 0;
  readonly notify_recovered: 0 | 1;
  /** Minutes. */
  readonly notify_repeat_step: number;
  readonly notify_max_number: 0;
  /** Seconds. */
  readonly recover_duration: number;
  /** `key=value`; no spaces. */
  readonly append_tags: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly notify_version: 1;
}

export interface BoardBody {
  readonly name: string;
  /** Unlike every other of the server. */
  readonly ident: string;
  readonly tags: string;
  readonly note: string;
  /** JSON. */
  readonly configs: string;
}

/** A way of telling somebody, with its template: both have this name. */
export interface ChannelBody {
  readonly name: string;
  readonly ident: string;
  readonly request_type: "http" | "smtp";
  readonly request_config: Readonly<Record<string, unknown>>;
  readonly param_config: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, string>>;
  /** Addresses of people without a login of their own that it writes to. */
  readonly addresses: readonly string[];
}

/** Who is told of what: one for each team. */
export interface NotifyRuleBody {
  readonly name: string;
  /** Name of a user group. */
  readonly team: string;
  /** Whether it also gets what belongs to no team of the others. */
  readonly isDefault: boolean;
  readonly told: readonly {
    /** Name of a channel. */
    readonly channel: string;
    readonly severities: readonly (1 | 2 | 3)[];
    /** Empty: always. */
    readonly times: readonly TimeRange[];
  }[];
}

/** Days from 0, Sunday; `end` "24:00" is the day's end. */
export interface TimeRange {
  readonly start: string;
  readonly end: string;
  readonly week: readonly number[];
}
