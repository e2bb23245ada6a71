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

/** The report for a person: what is unmet as a table, what went wrong, and one line that sums it up. */
export function preflightText(
  reports: readonly HostReport[],
  paint: (colour: Colour, text: string) => string,
  columns: number,
): string {
  const unmet = byUrgency(reports.flatMap(({ findings }) => findings)).filter(({ ok }) => !ok);
  const rows = unmet.map((finding) => ({
    cells: [
      finding.severity,
      finding.host,
      finding.title,
      finding.needed,
      finding.given,
      finding.remedy,
    ],
    paint: (line: string) => paint(blocks(finding) ? "red" : "yellow", line),
  }));
  const heading = ["severity", "host", "what", "needed", "given", "next"];
  const table = rows.length === 0 ? [] : [...tableLines(heading, rows, columns), ""];
  const problems = reports.flatMap(({ problem }) =>
    problem === undefined
      ? []
      : [paint("red", problem.message.split("\n").map(printable).join("\n"))],
  );
  return [...table, ...new Set(problems), summary(reports, unmet)].join("\n");
}

function summary(reports: readonly HostReport[], unmet: readonly Finding[]): string {
  const looked = reports.filter(({ problem }) => problem === undefined);
  const blocking = unmet.filter(blocks).length;
  const parts = [
    `${looked.length} of ${reports.length} hosts looked at`,
    `${blocking} blocking`,
    `${unmet.length - blocking} warnings`,
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
