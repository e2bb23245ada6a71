import assert from "node:assert/strict";
import fc from "fast-check";
import { rollingBounds, shareOfPods } from "../../../policies/support/share-of-pods";

describe("A share of Pods", () => {
  for (const [value, total, up, down] of [
    [0, 4, 0, 0],
    [3, 2, 3, 3],
    ["25%", 4, 1, 1],
    ["25%", 3, 1, 0],
    ["67%", 3, 3, 2],
    ["100%", 7, 7, 7],
    ["0%", 7, 0, 0],
    ["25", 4, undefined, undefined],
    ["some", 4, undefined, undefined],
    [-1, 4, undefined, undefined],
    [1.5, 4, undefined, undefined],
    [null, 4, undefined, undefined],
  ] as const) {
    it(`of ${JSON.stringify(value)} among ${total} comes to ${up}, or rounded down to ${down}`, () => {
      assert.deepEqual([shareOfPods(value, total), shareOfPods(value, total, "down")], [up, down]);
    });
  }

  it("lets every update of a Deployment move, whatever the shares come to", () => {
    const share = fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`);
    fc.assert(
      fc.property(
        share,
        share,
        fc.integer({ min: 1, max: 50 }),
        (maxUnavailable, maxSurge, all) => {
          const bounds = rollingBounds({ maxUnavailable, maxSurge }, all);
          assert.ok(bounds !== undefined && bounds.short + bounds.beyond > 0);
        },
      ),
    );
  });

  it("of a Deployment that says nothing is a quarter, one Pod more for each that Kubernetes rounds", () => {
    assert.deepEqual(rollingBounds({}, 10), { short: 2, beyond: 3 });
    assert.deepEqual(rollingBounds({}, 2), { short: 0, beyond: 1 });
  });
});
