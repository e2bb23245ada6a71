/** The month that it is by UTC, `2026-11`. */
export function currentMonth(now: Date = new Date()): string {
  return now.toISOString().slice(0, 7);
}

/** Months from one to another: 0 for the same. */
export function monthsUntil(until: string, month: string): number {
  const [count, from] = [until, month].map((one) => {
    const [year = 0, number = 0] = one.split("-").map(Number);
    return year * 12 + number;
  });
  return (count ?? 0) - (from ?? 0);
}
