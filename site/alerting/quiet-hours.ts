import type { QuietHours } from "../schema/alerts";
import { type Weekday, weekdays } from "../schema/week-times";
import type { QuietSpan } from "./notification-types";

const dayMinutes = 24 * 60;

/** Minutes since midnight of a time such as 22:00. */
export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** A time of day of a number of minutes since midnight. */
export function timeOf(minute: number): string {
  const two = (count: number) => String(count).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Quiet hours as parts of days: what lasts past midnight becomes the end of one day and the start of the next. */
export function quietSpans(stated: readonly QuietHours[]): readonly QuietSpan[] {
  return stated.flatMap(({ days, from, to }) => {
    const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
    const on = inOrder(days);
    if (fromMinute < toMinute) return [{ days: on, fromMinute, toMinute }];
    return [
      { days: on, fromMinute, toMinute: dayMinutes },
      ...(toMinute === 0 ? [] : [{ days: inOrder(on.map(dayAfter)), fromMinute: 0, toMinute }]),
    ].filter((span) => span.fromMinute < span.toMinute);
  });
}

/** Whether quiet hours leave no minute of the week. */
export function alwaysQuiet(spans: readonly QuietSpan[]): boolean {
  return weekdays.every((day) => {
    const parts = spans
      .filter(({ days }) => days.includes(day))
      .sort((one, other) => one.fromMinute - other.fromMinute);
    let covered = 0;
    for (const { fromMinute, toMinute } of parts) {
      if (fromMinute > covered) return false;
      covered = Math.max(covered, toMinute);
    }
    return covered === dayMinutes;
  });
}

/** Whether a moment lies in quiet hours of a place. */
export function isQuiet(spans: readonly QuietSpan[], timezone: string, moment: Date): boolean {
  const { day, minute } = localTime(timezone, moment);
  return spans.some(
    ({ days, fromMinute, toMinute }) =>
      days.includes(day) && fromMinute <= minute && minute < toMinute,
  );
}

/** Day of the week and minute of the day that clocks of a time zone show. */
export function localTime(timezone: string, moment: Date): { day: Weekday; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const day = weekdays.find((one) => one === part("weekday").toLowerCase());
  if (day === undefined) throw new Error(`no day of the week in ${timezone}`);
  return { day, minute: Number(part("hour")) * 60 + Number(part("minute")) };
}

function dayAfter(day: Weekday): Weekday {
  return weekdays[(weekdays.indexOf(day) + 1) % weekdays.length] ?? day;
}

function inOrder(days: readonly Weekday[]): readonly Weekday[] {
  return weekdays.filter((day) => days.includes(day));
}
