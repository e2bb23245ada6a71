/** The month that it is by UTC, `2026-11`. */
export function currentMonth(now: Date = new Date()): string {
  return now.toISOString().slice(0, 7);
}
