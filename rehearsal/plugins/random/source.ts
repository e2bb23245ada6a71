import { createHash, randomBytes } from "node:crypto";

/** Where random bytes come from. */
export type Source = (count: number) => Buffer;

/** The operating system's generator, fit for secrets. */
export const secure: Source = (count) => randomBytes(count);

/**
 * The same bytes for the same seed, and other bytes than the real provider gives for it: its
 * generator is not reproduced here. Not for secrets.
 */
export function seeded(seed: string): Source {
  let block = 0;
  let left = Buffer.alloc(0);
  return (count) => {
    while (left.length < count) {
      const next = createHash("sha256").update(`${block}:${seed}`).digest();
      left = Buffer.concat([left, next]);
      block += 1;
    }
    const bytes = left.subarray(0, count);
    left = left.subarray(count);
    return bytes;
  };
}

/** A whole number from 0 up to but without `limit`, each equally likely. `limit` is at least 1. */
export function below(limit: bigint, source: Source): bigint {
  const bits = (limit - 1n).toString(2).length;
  const bytes = Math.ceil(bits / 8);
  const mask = (1n << BigInt(bits)) - 1n;
  // Drawing again beats taking a remainder, which would favour small numbers.
  for (;;) {
    const number = BigInt(`0x${source(bytes).toString("hex")}`) & mask;
    if (number < limit) return number;
  }
}

/** One of the items, each equally likely. `items` is not empty. */
export function pick<Item>(items: readonly Item[], source: Source): Item {
  const item = items[Number(below(BigInt(items.length), source))];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

/** The items in random order, each order equally likely. */
export function shuffled<Item>(items: readonly Item[], source: Source): Item[] {
  const rest = [...items];
  const result: Item[] = [];
  while (rest.length > 0) {
    result.push(...rest.splice(Number(below(BigInt(rest.length), source)), 1));
  }
  return result;
}
