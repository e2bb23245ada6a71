import assert from "node:assert/strict";
import fc from "fast-check";
import { alwaysQuiet, isQuiet, minuteOf, quietSpans } from "../../site/alerting/quiet-hours";
import type { QuietHours } from "../../site/schema/alerts";
import { type Weekday, weekdays } from "../../site/schema/week-times";
import { anyQuietHours } from "../support/any-alerts";

/** Whether quiet hours that began today or yesterday still last: what they say, read word by word. */
function lasts(stated: readonly QuietHours[], day: Weekday, minute: number): boolean {
  const yesterday = weekdays[(weekdays.indexOf(day) + 6) % 7];
  return stated.some(({ days, from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)];
    const overnight = end < begin;
    const today = days.includes(day) && minute >= begin && (overnight || minute < end);
    const since = yesterday !== undefined && days.includes(yesterday) && overnight && minute < end;
    return today || since;
  });
}

/** 2 November 2026 is a Monday. */
const momentOf = (day: Weekday, minute: number) =>
  new Date(Date.UTC(2026, 10, 2 + weekdays.indexOf(day), 0, minute));

describe("Quiet hours", () => {
  it("past midnight are the end of one day and the start of the next", () => {
    assert.deepEqual(quietSpans([{ days: ["saturday", "sunday"], from: "22:00", to: "07:00" }]), [
      { days: ["saturday", "sunday"], fromMinute: 1320, toMinute: 1440 },
      { days: ["monday", "sunday"], fromMinute: 0, toMinute: 420 },
    ]);
  });

  it("until midnight are of one day", () => {
    const span = [{ days: ["friday"], fromMinute: 1080, toMinute: 1440 }];
    for (const to of ["24:00", "00:00"]) {
      assert.deepEqual(quietSpans([{ days: ["friday"], from: "18:00", to }]), span);
    }
  });

  it("hold at every minute that they say, and at no other", () => {
    fc.assert(
      fc.property(
        anyQuietHours,
        fc.constantFrom(...weekdays),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        (stated, day, minute) => {
          const quiet = isQuiet(quietSpans(stated), "Etc/UTC", momentOf(day, minute));
          assert.equal(quiet, lasts(stated, day, minute));
        },
      ),
    );
  });

  it("go by the site's clocks", () => {
    const spans = quietSpans([{ days: ["tuesday"], from: "00:00", to: "06:00" }]);
    const moment = momentOf("monday", 20 * 60);
    assert.equal(isQuiet(spans, "Asia/Shanghai", moment), true);
    assert.equal(isQuiet(spans, "Etc/UTC", moment), false);
  });

  it("cover the week only when no minute is left", () => {
    const daily = (from: string, to: string) => ({ days: [...weekdays], from, to });
    assert.equal(alwaysQuiet(quietSpans([daily("00:00", "24:00")])), true);
    assert.equal(alwaysQuiet(quietSpans([daily("07:00", "06:00"), daily("05:30", "07:00")])), true);
    assert.equal(alwaysQuiet(quietSpans([daily("07:00", "06:59")])), false);
    assert.equal(
      alwaysQuiet(quietSpans([{ ...daily("00:00", "24:00"), days: weekdays.slice(1) }])),
      false,
    );
  });
});
