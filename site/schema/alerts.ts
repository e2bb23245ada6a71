import { z } from "zod";
import { caField, receiverSchema, urlField } from "./alert-receivers";
import { list, nameField, secretNameField, text, whole } from "./fields";
import { timeOfDayField, weekdaysField } from "./week-times";

/** The site's `alerts` key: who is told of what, and how. */

const quietHoursSchema = z.strictObject({
  days: weekdaysField.describe("Days on which it begins."),
  from: timeOfDayField.describe("When it begins, in the site's time zone."),
  to: timeOfDayField.describe("When it ends; a time before `from` is one of the next day."),
});

const told = (what: string) =>
  list(nameField, 20, "receivers")
    .optional()
    .describe(
      `Receivers that are told of what is ${what}; an empty list means nobody. Absent: the default team's.`,
    );

const teamSchema = z.strictObject({
  critical: told("critical: somebody has to act now"),
  warning: told("a warning: somebody has to look at it within the day"),
  info: told("only worth knowing"),
  quietHours: list(quietHoursSchema, 14, "times")
    .default([])
    .describe(
      "When warnings and what is only worth knowing wait. What still holds afterwards is told then; what is critical never waits.",
    ),
});

/** How one severity is gathered into messages. */
const groupingOf = (wait: number, interval: number, repeat: number) =>
  z
    .strictObject({
      waitSeconds: whole(0, 3600, "seconds")
        .default(wait)
        .describe("How long a first message waits for more of its kind."),
      intervalSeconds: whole(10, 86_400, "seconds")
        .default(interval)
        .describe("How long news of the same group wait, recoveries among them."),
      repeatMinutes: whole(1, 7200, "minutes")
        .default(repeat)
        .describe("How often it is said again while nothing changes."),
    })
    .prefault({});

const groupingSchema = z.strictObject({
  by: list(text(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "a label such as alertname"), 10, "labels")
    .min(1, { error: "at least one label" })
    .default(["alertname", "namespace"])
    .describe("Labels that alerts of one message have in common."),
  critical: groupingOf(10, 60, 60).describe("Of what is critical."),
  warning: groupingOf(60, 300, 720).describe("Of warnings."),
  info: groupingOf(300, 1800, 1440).describe("Of what is only worth knowing."),
});

const heartbeatSchema = z.strictObject({
  url: urlField
    .optional()
    .describe(
      "Address outside the site that is asked for again and again, and says when it is not.",
    ),
  urlSecret: secretNameField
    .optional()
    .describe("Secret with that address, where knowing it is enough to keep it quiet."),
  everySeconds: whole(30, 3600, "seconds").default(60).describe("How often it is asked for."),
  ca: caField,
});

const dateNeeded = 'a date in quotes, such as "2027-03-31"';

const expirySchema = z.strictObject({
  date: text(/^\d{4}-\d{2}-\d{2}$/, dateNeeded)
    .refine(isDate, { error: dateNeeded })
    .describe("Last day on which it is valid."),
  warnDays: whole(1, 365, "days").default(30).describe("How many days before that it is told."),
});

function isDate(written: string): boolean {
  const date = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(written);
}

export const alertsSchema = z.strictObject({
  language: z
    .enum(["en", "zh"], { error: "en or zh" })
    .default("en")
    .describe("Language of messages' own words; what rules say stays in theirs."),
  receivers: z
    .record(nameField, receiverSchema, { error: "an object of name and receiver" })
    .describe("Ways of telling somebody, by names of the site's own."),
  teams: z
    .record(nameField, teamSchema, { error: "an object of team and its receivers" })
    .describe(
      "Who is told of what, by the teams that rules name: `platform` for hosts and cluster, `product` for workloads, `business`, and those that the release names.",
    ),
  defaultTeam: nameField
    .default("platform")
    .describe("Team that is told of everything that belongs to no other team."),
  grouping: groupingSchema.prefault({}).describe("How alerts are gathered into messages."),
  heartbeat: heartbeatSchema
    .optional()
    .describe(
      "A sign of life to a place outside the site, so that a site which can no longer tell anything is missed. Absent: none.",
    ),
  expiries: z
    .record(nameField, expirySchema, { error: "an object of name and date" })
    .default({})
    .describe("Licences, domains and the like that end on a day, and are told of before."),
});

export type AlertSettings = z.output<typeof alertsSchema>;
export type TeamSettings = z.output<typeof teamSchema>;
export type QuietHours = z.output<typeof quietHoursSchema>;
