import { messageWords } from "../../site/alerting/message-words";
import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import { scrapeLabels } from "../../site/alerting/scrape-labels";

/**
 * Messages as Go templates of Alertmanager. Each text is first put together in a variable: only then can it be written
 * as JSON too, where a quote in a rule's text must not end it.
 */

/** Names of the templates. Those that end in `.json` write a JSON string, quotes included. */
export const messageTemplates = {
  title: "sitewright.title",
  text: "sitewright.text",
  chat: "sitewright.chat",
  titleJson: "sitewright.title.json",
  chatJson: "sitewright.chat.json",
  shortJson: "sitewright.short.json",
} as const;

/** Most alerts that are told one by one. WeCom cuts messages off after 2048 bytes. */
const most = { text: 20, chat: 4, short: 2 };

/** Labels that say what an alert is about, in the order in which they are read. */
const aboutLabels = [
  "namespace",
  scrapeLabels.workload,
  "pod",
  scrapeLabels.host,
  "node",
  "instance",
];

type Place = Pick<NotificationBlueprint, "site" | "language" | "timezone">;

/** The file of all templates. */
export function messageTemplateFile(place: Place): string {
  const title = titleCode(place);
  const text = `${title}${textCode(place, most.text, true)}`;
  const chat = `${title}${textCode(place, most.chat, false)}`;
  const short = `${title}${shortCode()}`;
  const define = (name: string, code: string, result: string) =>
    `{{ define "${name}" -}}\n${code}{{- ${result} -}}\n{{- end }}\n`;
  const { title: named, ...others } = messageTemplates;
  return [
    define(named, title, "$title"),
    define(others.text, text, "$text"),
    define(others.chat, chat, "$text"),
    define(others.titleJson, title, "$title | toJson"),
    define(others.chatJson, chat, "$text | toJson"),
    define(others.shortJson, short, "$text | toJson"),
  ].join("\n");
}

/** Sets `$title`: site, severity or that it is over, and what. */
function titleCode({ site, language }: Place): string {
  const { severity, alert, recovered } = messageWords[language];
  return lines(
    `$state := ${quoted(alert)}`,
    ...Object.entries(severity).flatMap(([name, word]) =>
      when(`eq .CommonLabels.severity ${quoted(name)}`, `$state = ${quoted(word)}`),
    ),
    ...when('eq .Status "resolved"', `$state = ${quoted(recovered)}`),
    "$what := .CommonAnnotations.summary",
    ...when("not $what", "$what = .CommonLabels.alertname"),
    `$title := printf "[%s] %s" ${quoted(site)} $state`,
    ...when("$what", '$title = printf "%s: %s" $title $what'),
    ...when("gt (len .Alerts) 1", '$title = printf "%s (%d)" $title (len .Alerts)'),
  );
}

/** Sets `$text`: the title and what is known of each alert. What to do makes one alert long enough in a chat. */
function textCode(place: Place, count: number, alwaysRunbook: boolean): string {
  const words = messageWords[place.language];
  const line = (word: string, value: string) =>
    when(value, `$text = printf "%s\\n%s: %s" $text ${quoted(word)} (${value})`);
  return lines(
    "$text := $title",
    "$count := len .Alerts",
    "range $at, $alert := .Alerts",
    `if lt $at ${count}`,
    "$summary := $alert.Annotations.summary",
    ...when("not $summary", "$summary = $alert.Labels.alertname"),
    ...when(
      'eq $alert.Status "resolved"',
      `$summary = printf "%s: %s" ${quoted(words.recovered)} $summary`,
    ),
    '$text = printf "%s\\n\\n%s" $text $summary',
    "$level := $alert.Labels.severity",
    ...Object.entries(words.severity).flatMap(([name, word]) =>
      when(`eq $level ${quoted(name)}`, `$level = ${quoted(word)}`),
    ),
    ...line(words.level, "$level"),
    ...line(words.team, "$alert.Labels.team"),
    '$about := ""',
    ...aboutLabels.flatMap((label) =>
      when(
        `$alert.Labels.${label}`,
        `$about = printf "%s %s=%s" $about ${quoted(label)} $alert.Labels.${label}`,
      ),
    ),
    ...line(words.about, "trimSpace $about"),
    ...line(words.description, "$alert.Annotations.description"),
    ...line(words.since, timeCode("$alert.StartsAt", place)),
    ...when('eq $alert.Status "resolved"', ...line(words.until, timeCode("$alert.EndsAt", place))),
    ...when(
      `and $alert.Annotations.runbook (eq $alert.Status "firing") ${alwaysRunbook ? "true" : "(eq $count 1)"}`,
      `$text = printf "%s\\n%s:\\n%s" $text ${quoted(words.runbook)} $alert.Annotations.runbook`,
    ),
    "end",
    "end",
    ...when(
      `gt $count ${count}`,
      `$text = printf "%s\\n\\n%s: ${count}/%d" $text ${quoted(words.shown)} $count`,
    ),
  );
}

/** Sets `$text` to what a short message has room for. */
function shortCode(): string {
  return lines(
    "$text := $title",
    ...when(
      "gt (len .Alerts) 1",
      "range $at, $alert := .Alerts",
      ...when(
        `lt $at ${most.short}`,
        ...when(
          "$alert.Annotations.summary",
          '$text = printf "%s\\n%s" $text $alert.Annotations.summary',
        ),
      ),
      "end",
    ),
  );
}

function timeCode(time: string, { timezone }: Place): string {
  return `${time} | tz ${quoted(location(timezone))} | date "2006-01-02 15:04:05 MST"`;
}

/** A time zone by the name under which it is found without files, too. */
export function location(timezone: string): string {
  return timezone === "Etc/UTC" ? "UTC" : timezone;
}

function when(condition: string, ...inner: readonly string[]): readonly string[] {
  return [`if ${condition}`, ...inner, "end"];
}

function lines(...actions: readonly string[]): string {
  return actions.map((action) => `{{- ${action} -}}\n`).join("");
}

/** A text as Go writes it; names and words of ours need no more than JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
