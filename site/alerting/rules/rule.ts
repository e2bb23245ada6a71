import type { AlertRule, RecordingRule, Severity } from "../rule-types";
import { usualTeams } from "../teams";

/** A rule over machines or platform, as the files beside this one state it. */
export interface SystemAlert {
  readonly alert: string;
  readonly severity: Severity;
  /** Minutes that it must hold. */
  readonly minutes: number;
  readonly expr: string;
  readonly summary: string;
  readonly description: string;
  readonly runbook: readonly string[];
}

export function systemAlert({ minutes, ...rule }: SystemAlert): AlertRule {
  return { ...rule, forSeconds: minutes * 60, team: usualTeams.system, labels: {} };
}

/** The same about something of a workload of the product, which others look after. */
export function serviceAlert({ minutes, ...rule }: SystemAlert): AlertRule {
  return { ...rule, forSeconds: minutes * 60, team: usualTeams.service, labels: {} };
}

export function recording(
  record: string,
  expr: string,
  labels: Readonly<Record<string, string>> = {},
): RecordingRule {
  return { record, expr, labels };
}
