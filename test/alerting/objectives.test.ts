import assert from "node:assert/strict";
import fc from "fast-check";
import { utcSpans, withinHours } from "../../site/alerting/hours";
import { burns, burnThreshold } from "../../site/alerting/rules/objectives";

describe("Thresholds of objectives", () => {
  const [fast, steady, slow, days] = burns;

  for (const { objectivePercent, windowDays, thresholds } of [
    { objectivePercent: 99.9, windowDays: 30, thresholds: [0.0144, 0.006, 0.003, 0.001] },
    { objectivePercent: 99, windowDays: 30, thresholds: [0.144, 0.06, 0.03, 0.01] },
    { objectivePercent: 99.99, windowDays: 30, thresholds: [0.00144, 0.0006, 0.0003, 0.0001] },
    // The same part of a smaller budget in the same time is a slower pace.
    { objectivePercent: 99.9, windowDays: 7, thresholds: [0.00336, 0.0014, 0.0007, 0.000233333] },
    // A threshold above one would be no alert.
    { objectivePercent: 90, windowDays: 30, thresholds: [0.95, 0.6, 0.3, 0.1] },
  ]) {
    it(`of ${objectivePercent} % in ${windowDays} days are ${thresholds.join(", ")}`, () => {
      const objective = { objectivePercent, windowDays };
      assert.deepEqual(
        burns.map((burn) => burnThreshold(objective, burn)),
        thresholds,
      );
    });
  }

  it("grow with the error budget, never past what can happen, and shrink from alert to alert", () => {
    const percent = fc.double({ min: 50, max: 99.999, noNaN: true });
    fc.assert(
      fc.property(percent, percent, fc.integer({ min: 1, max: 90 }), (one, other, windowDays) => {
        const [stricter, looser] = one > other ? [one, other] : [other, one];
        for (const burn of burns) {
          const low = burnThreshold({ objectivePercent: stricter, windowDays }, burn);
          const high = burnThreshold({ objectivePercent: looser, windowDays }, burn);
          assert.ok(low <= high && low > 0 && high < 1, `${low} ${high}`);
        }
        const all = burns.map((burn) => burnThreshold({ objectivePercent: one, windowDays }, burn));
        assert.deepEqual(
          all,
          [...all].sort((a, b) => b - a),
        );
      }),
    );
  });

  it("belong to two alerts that wake somebody, and two that wait until the day", () => {
    assert.deepEqual(
      [fast, steady, slow, days].map((burn) => burn?.severity),
      ["critical", "critical", "warning", "warning"],
    );
  });
});

describe("Hours", () => {
  const office = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080 };
  const monday = 1440;

  it("of UTC are as they are written", () => {
    const [first, ...others] = utcSpans(office, "Etc/UTC", 0);
    assert.deepEqual(first, { from: monday + 480, to: monday + 1080 });
    assert.equal(others.length, 4);
  });

  it("of a zone ahead are earlier in UTC", () => {
    const [first] = utcSpans(office, "Asia/Tokyo", 0);
    assert.deepEqual(first, { from: monday + 480 - 540 + 0, to: monday + 1080 - 540 });
  });

  it("of a zone with summer time are those that are meant all the year", () => {
    const [first] = utcSpans(office, "Europe/Berlin", 0);
    // From eight in winter on, until six in summer.
    assert.deepEqual(first, { from: monday + 480 - 60, to: monday + 1080 - 120 });
  });

  it("begin once all that is looked at lies in them", () => {
    const [first] = utcSpans(office, "Etc/UTC", 60);
    assert.deepEqual(first, { from: monday + 540, to: monday + 1080 });
  });

  it("that are shorter than what is looked at are never", () => {
    assert.deepEqual(utcSpans({ ...office, toMinute: 500 }, "Etc/UTC", 60), []);
    assert.equal(withinHours({ ...office, toMinute: 500 }, "Etc/UTC", 60), "(vector(1) > 2)");
  });

  it("stay within one week, wherever the site is", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "Etc/UTC"),
        fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 700 }),
        fc.integer({ min: 720, max: 1440 }),
        (zone, days, fromMinute, toMinute) => {
          const spans = utcSpans({ days, fromMinute, toMinute }, zone, 0);
          for (const { from, to } of spans) assert.ok(from >= 0 && from < to && to <= 7 * 1440);
          const length = spans.reduce((sum, { from, to }) => sum + to - from, 0);
          const written = days.length * (toMinute - fromMinute);
          assert.ok(length <= written && length >= written - days.length * 60);
        },
      ),
    );
  });
});
