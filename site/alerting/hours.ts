/**
 * Hours of the week as PromQL can ask for them: it knows UTC only, so those of a zone with summer time are the ones
 * that are meant all the year round, an hour less at one end.
 */

/** Days and times of the week, in the site's time zone. */
export interface Hours {
  /** 0: Sunday. */
  readonly days: readonly number[];
  readonly fromMinute: number;
  /** After `fromMinute`, at most 1440. */
  readonly toMinute: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const day = 1440;
const week = 7 * day;

/** An expression that has a value only then; `after` leaves the first minutes of each span out. */
export function withinHours(hours: Hours, timezone: string, afterMinutes: number): string {
  const minute = "(day_of_week() * 1440 + hour() * 60 + minute())";
  const spans = utcSpans(hours, timezone, afterMinutes).map(
    ({ from, to }) => `(${minute} >= ${from} < ${to})`,
  );
  // Never true: no span is long enough for what is looked at.
  return spans.length === 0 ? "(vector(1) > 2)" : `(${spans.join(" or ")})`;
}

/** Minutes of the week in UTC, from Sunday, in order. */
export function utcSpans(hours: Hours, timezone: string, afterMinutes: number): readonly Span[] {
  const offsets = offsetsOf(timezone);
  const latest = Math.max(...offsets);
  const earliest = Math.min(...offsets);
  const spans = hours.days.flatMap((weekday) => {
    const from = weekday * day + hours.fromMinute - earliest + afterMinutes;
    const to = weekday * day + hours.toMinute - latest;
    return from < to ? wrapped({ from, to }) : [];
  });
  return spans.sort((one, other) => one.from - other.from);
}

/** The same within one week. */
function wrapped({ from, to }: Span): readonly Span[] {
  const start = ((from % week) + week) % week;
  const end = start + (to - from);
  return end <= week
    ? [{ from: start, to: end }]
    : [
        { from: start, to: week },
        { from: 0, to: end - week },
      ];
}

/** Minutes that a zone is ahead of UTC, in winter and in summer; of one year, so that the same site gives the same rules. */
function offsetsOf(timeZone: string): readonly number[] {
  return [0, 3, 6, 9].map((month) => {
    const moment = new Date(Date.UTC(2026, month, 15, 12));
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    }).formatToParts(moment);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const there = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
    return (there - moment.getTime()) / 60_000;
  });
}
