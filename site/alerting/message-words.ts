import type { Language } from "./notification-types";
import type { Severity } from "./rule-types";

/** What messages say by themselves; the rest is what rules say. */
export interface MessageWords {
  /** Begins the title of what holds, by severity. */
  readonly severity: Readonly<Record<Severity, string>>;
  /** The same where alerts of a message differ in it. */
  readonly alert: string;
  /** Begins the title, and each alert, of what is over. */
  readonly recovered: string;
  readonly about: string;
  readonly level: string;
  readonly team: string;
  readonly description: string;
  readonly since: string;
  readonly until: string;
  readonly runbook: string;
  /** Before how many alerts of how many a message tells one by one. */
  readonly shown: string;
}

export const messageWords: Readonly<Record<Language, MessageWords>> = {
  en: {
    severity: { critical: "CRITICAL", warning: "WARNING", info: "INFO" },
    alert: "ALERT",
    recovered: "RECOVERED",
    about: "About",
    level: "Severity",
    team: "Team",
    description: "What it means",
    since: "Since",
    until: "Until",
    runbook: "What to do",
    shown: "Alerts shown",
  },
  zh: {
    severity: { critical: "严重", warning: "警告", info: "提示" },
    alert: "告警",
    recovered: "已恢复",
    about: "对象",
    level: "级别",
    team: "团队",
    description: "影响",
    since: "开始时间",
    until: "恢复时间",
    runbook: "处理步骤",
    shown: "显示的告警",
  },
};
