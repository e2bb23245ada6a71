import assert from "node:assert/strict";
import fc from "fast-check";
import { below, secure, seeded, shuffled } from "../../../rehearsal/plugins/random/source";
import { randomText } from "../../../rehearsal/plugins/random/text";

describe("random numbers", () => {
  it("stay below the limit, however large it is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1n << 80n }), (limit) => {
        const number = below(limit, secure);
        assert.ok(number >= 0n && number < limit);
      }),
    );
  });

  it("favour none: a limit that is no power of two is spread evenly over all bytes", () => {
    // Every byte once, as a perfectly even source would give them; taking remainders would give
    // 0 to 55 twice as often as the rest.
    let next = 0;
    const even = (count: number) => Buffer.from(Array.from({ length: count }, () => next++ % 256));
    const counts = new Map<bigint, number>();
    for (let i = 0; i < 200; i += 1) {
      const number = below(200n, even);
      counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    assert.equal(counts.size, 200);
    assert.deepEqual([...new Set(counts.values())], [1]);
  });

  it("come the same for the same seed, and others for another", () => {
    const draw = (seed: string) => seeded(seed)(40).toString("hex");
    const inSteps = (seed: string) => {
      const source = seeded(seed);
      return Buffer.concat([Buffer.from(source(7)), Buffer.from(source(33))]).toString("hex");
    };
    assert.equal(draw("a"), inSteps("a"));
    assert.notEqual(draw("a"), draw("b"));
  });

  it("shuffle without losing or doubling anything", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b);
        assert.deepEqual(sorted(shuffled(items, secure)), sorted(items));
      }),
    );
  });
});

describe("random text", () => {
  it("has its length, its least counts, and no character that was not asked for", () => {
    const count = fc.integer({ min: 0, max: 4 });
    const settings = fc.record({
      length: fc.integer({ min: 16, max: 40 }),
      lower: fc.constant(true),
      upper: fc.boolean(),
      numeric: fc.boolean(),
      special: fc.boolean(),
      minLower: count,
      minUpper: count,
      minNumeric: count,
      minSpecial: count,
      overrideSpecial: fc.constantFrom("", "_~"),
    });
    fc.assert(
      fc.property(settings, (given) => {
        const text = randomText(given, secure);
        const of = (pattern: RegExp) => [...text].filter((character) => pattern.test(character));
        const special = given.overrideSpecial === "" ? /[!@#$%&*()\-_=+[\]{}<>:?]/ : /[_~]/;
        assert.equal(text.length, given.length);
        for (const [pattern, on, least] of [
          [/[a-z]/, given.lower, given.minLower],
          [/[A-Z]/, given.upper, given.minUpper],
          [/[0-9]/, given.numeric, given.minNumeric],
          [special, given.special, given.minSpecial],
        ] as const) {
          assert.ok(of(pattern).length >= least);
          if (!on) assert.equal(of(pattern).length, least);
        }
        const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, special];
        assert.equal(kinds.flatMap(of).length, text.length);
      }),
    );
  });
});
