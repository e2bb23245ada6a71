import type { Enforcement } from "../../policies/support/enforcement";

/** `24 mandatory, 1 advisory` */
export function countedLevels(enforcements: ReadonlyMap<string, Enforcement>): string {
  const levels = [...enforcements.values()].map(({ level }) => level);
  return [...new Set(levels)]
    .map((level) => `${levels.filter((one) => one === level).length} ${level}`)
    .join(", ");
}
