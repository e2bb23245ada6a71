import type { CheckInput, CrossCheck } from "../check-input";
import type { Path } from "../path";
import type { Problem } from "../problems";

export const crossChecks: readonly CrossCheck[] = [];

/** Problems found by every rule that relies on nothing faulty. */
export function crossCheck(input: CheckInput, faulty: readonly Path[]): readonly Problem[] {
  return crossChecks
    .filter((check) => !check.reads.some((read) => faulty.some((fault) => touches(read, fault))))
    .flatMap((check) => check.find(input));
}

/** Whether one path lies within the other. */
function touches(one: Path, other: Path): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((step, at) => step === other[at]);
}
