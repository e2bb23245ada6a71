import type { PreflightCheck } from "../../site/blueprint-types";
import { neededText } from "./preflight-script";

/** What one check found on one host. */
export interface Finding {
  readonly host: string;
  readonly id: string;
  readonly title: string;
  readonly severity: "blocking" | "warning";
  readonly ok: boolean;
  /** In words, with its unit. */
  readonly needed: string;
  /** What the host has, with its unit, or why that could not be found out. */
  readonly given: string;
  readonly remedy: string;
}

/**
 * Findings from the JSON lines that a preflight script printed, in the order of the checks. Other lines are passed over: a
 * login's start-up files may print what they like. A check without an answer counts as unmet, so that a script which was cut
 * short can never look like a host in order.
 */
export function parseFindings(
  host: string,
  checks: readonly PreflightCheck[],
  output: string,
): readonly Finding[] {
  const answers = new Map(
    output
      .split("\n")
      .map(parseLine)
      .filter((answer) => answer !== undefined)
      .map((answer) => [answer.id, answer]),
  );
  return checks.map((check) => {
    const answer = answers.get(check.id);
    const { id, title, severity, remedy } = check;
    const needed = withUnit(neededText(check), check.unit);
    const ok = answer?.ok ?? false;
    return { host, id, title, severity, ok, needed, given: given(check, answer), remedy };
  });
}

/** Blocking and unmet first, then warnings, then what is in order; within that as it was given. */
export function byUrgency(findings: readonly Finding[]): readonly Finding[] {
  const rank = (finding: Finding) => (finding.ok ? 2 : finding.severity === "blocking" ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

/** Whether a finding stands in the way of a delivery. */
export function blocks(finding: Finding): boolean {
  return !finding.ok && finding.severity === "blocking";
}

interface Answer {
  readonly id: string;
  readonly value: string;
  readonly ok: boolean;
  readonly fault?: string;
}

function parseLine(line: string): Answer | undefined {
  if (!line.startsWith('{"id":')) return undefined;
  try {
    const { id, value, ok, fault } = JSON.parse(line) as Record<string, unknown>;
    if (typeof id !== "string" || typeof value !== "string" || typeof ok !== "boolean")
      return undefined;
    return { id, value, ok, ...(typeof fault === "string" ? { fault } : {}) };
  } catch {
    return undefined;
  }
}

function given(check: PreflightCheck, answer: Answer | undefined): string {
  if (answer === undefined) return "no answer";
  if (answer.fault !== undefined) return answer.fault;
  if (answer.value === "") return "nothing";
  return withUnit(answer.value.replaceAll("\n", ", "), check.unit);
}

function withUnit(text: string, unit: string): string {
  return unit === "" || text === "nothing" ? text : `${text} ${unit}`;
}
