import { z } from "zod";
import { list, text } from "./fields";

/** Days and times of a week, in the site's time zone. */

export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

export type Weekday = (typeof weekdays)[number];

/** All days unless some are stated. */
export const weekdaysField = list(
  z.enum(weekdays, { error: "a day of the week, such as monday" }),
  weekdays.length,
  "days",
)
  .min(1, { error: "at least one day" })
  .default([...weekdays]);

/** `24:00` ends a day. */
export const timeOfDayField = text(
  /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
  'a time in quotes, from "00:00" to "24:00"',
);
