/** What the process inside the rehearsal tells the one that draws the view: one JSON object a line. */
export type Report =
  | { readonly kind: "step"; readonly step: string; readonly detail: string; readonly done: number }
  | {
      readonly kind: "notice";
      readonly severity: "warning" | "error";
      readonly about: string;
      readonly message: string;
      /** Rule of the policy pack that it breaks, if it is that. */
      readonly rule?: string;
    }
  | {
      readonly kind: "finished";
      readonly changes: Readonly<Record<string, number>>;
      readonly seconds: number;
      readonly outputs: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "failed"; readonly message: string };

/** Parses one line of a report stream; anything that is no report (a stray print) gives undefined. */
export function parseReport(line: string): Report | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null && "kind" in value) return value as Report;
  } catch {
    // not ours
  }
  return undefined;
}
