import { blocks, byUrgency, type Finding } from "../../components/hosts/findings";
import { exitCodes } from "../exit-codes";
import { type Colour, printable } from "../view/colours";
import { tableLines } from "../view/table";
import type { HostReport } from "./look";

/** 6 when a host could not be looked at, as the picture is then not whole; else 4 when something blocks. */
export function preflightExitCode(reports: readonly HostReport[]): number {
  if (reports.some(({ problem }) => problem !== undefined)) return exitCodes.remote;
  return reports.some(({ findings }) => findings.some(blocks)) ? exitCodes.preflight : exitCodes.ok;
}

/**
 * The report for a person: each unmet check once, what blocks first, with the hosts that do not meet it; then what went wrong
 * with a host; and one line that sums it up. The same fault on twelve hosts is one thing to do, not twelve.
 */
export function preflightText(
  reports: readonly HostReport[],
  paint: (colour: Colour, text: string) => string,
  columns: number,
): string {
  const unmet = byUrgency(reports.flatMap(({ findings }) => findings)).filter(({ ok }) => !ok);
  const groups = new Map<string, Finding[]>();
  for (const finding of unmet) {
    const key = JSON.stringify([finding.severity, finding.id, finding.remedy]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const blocksOfText = [...groups.values()].map((group) => groupText(group, paint, columns));
  const problems = reports.flatMap(({ problem }) =>
    problem === undefined ? [] : [problem.message],
  );
  const problemTexts = [...new Set(problems)].map((message) =>
    paint("red", message.split("\n").map(printable).join("\n")),
  );
  return [...blocksOfText, ...problemTexts, summary(reports, unmet)].join("\n\n");
}

function groupText(
  group: readonly Finding[],
  paint: (colour: Colour, text: string) => string,
  columns: number,
): string {
  const [first] = group;
  if (first === undefined) return "";
  const head = paint(
    blocks(first) ? "red" : "yellow",
    `${first.severity}  ${printable(first.title)}`,
  );
  const rows = group.map(({ host, needed, given }) => ({ cells: [host, needed, given] }));
  const table = tableLines(["host", "needed", "given"], rows, columns - 2).map(
    (line) => `  ${line}`,
  );
  return [head, ...table, `  next: ${printable(first.remedy)}`].join("\n");
}

function summary(reports: readonly HostReport[], unmet: readonly Finding[]): string {
  const looked = reports.filter(({ problem }) => problem === undefined);
  const blocking = unmet.filter(blocks).length;
  const warnings = unmet.length - blocking;
  const parts = [
    `${looked.length} of ${reports.length} hosts looked at`,
    `${blocking} blocking`,
    `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ];
  return parts.join(", ");
}

/** The report for another program. */
export function preflightJson(site: string, reports: readonly HostReport[]): string {
  const hosts = reports.map(({ name, address, findings, problem }) => ({
    name,
    address,
    ...(problem === undefined ? {} : { problem: { kind: problem.kind, message: problem.message } }),
    findings: byUrgency(findings).map(({ host: _, ...finding }) => finding),
  }));
  const exitCode = preflightExitCode(reports);
  return JSON.stringify(
    { format: 1, site, ok: exitCode === exitCodes.ok, exitCode, hosts },
    null,
    2,
  );
}
