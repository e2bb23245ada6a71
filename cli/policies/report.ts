import { findingFault } from "../../policies/support/judge";
import type { FindingAbout, Source } from "../../policies/support/rule";
import { type Colour, printable } from "../view/colours";
import { counted } from "../view/counted";
import { tableLines } from "../view/table";
import { isBroken, type RuleVerdict } from "./judge-all";

/** What was judged, for headings. */
export interface Judged {
  readonly site: string;
  readonly source: Source;
  /** What it is called: `the stack of site-a`, `manifests of ../configuration`. */
  readonly what: string;
  /** Things looked at. */
  readonly subjects: number;
  readonly verdicts: readonly RuleVerdict[];
  /** What was left out, each a sentence. */
  readonly remarks: readonly string[];
}

type Paint = (colour: Colour, text: string) => string;

/** Most findings of a rule that are shown at once. */
const mostShown = 20;

/** Each broken rule with what is wrong, then exemptions in use, then one line that sums up. */
export function judgedText(judged: Judged, paint: Paint, columns: number): readonly string[] {
  const { verdicts, remarks } = judged;
  return [
    ...verdicts.filter(({ findings }) => findings.length > 0).flatMap(findingLines(judged, paint)),
    ...verdicts.flatMap(undecidedLines(paint)),
    ...exemptionLines(judged, columns),
    ...remarks.map((remark) => `${paint("yellow", "note")}: ${remark}`),
    ...(remarks.length > 0 ? [""] : []),
    sum(judged, paint),
  ];
}

function findingLines({ site, source }: Judged, paint: Paint) {
  return (verdict: RuleVerdict): readonly string[] => {
    const { rule, enforcement, findings } = verdict;
    const colour = isBroken(verdict) ? "red" : "yellow";
    const { name, severity, description, remedy } = rule;
    const shown = findings.slice(0, mostShown);
    const more = findings.length - mostShown;
    return [
      `${paint(colour, name)}  ${enforcement.level}, ${severity}: ${description}`,
      ...shown.map((finding) => {
        const at = source === "manifests" ? `${finding.about.id}  ` : "";
        const next = finding.next === undefined ? "" : `; next: ${finding.next}`;
        return `  ${printable(`${at}${finding.about.title}: ${findingFault(finding)}${next}`)}`;
      }),
      ...(shown.some(({ next }) => next === undefined) ? [`  next: ${remedy}`] : []),
      ...(more > 0
        ? [`  … and ${more} more: ./sitewright policies ${site} … --rule ${name} --json`]
        : []),
      "",
    ];
  };
}

function undecidedLines(paint: Paint) {
  return ({ rule, undecided }: RuleVerdict): readonly string[] =>
    undecided.map(
      ({ subject, path }) =>
        `${paint("yellow", rule.name)}  not judged: ${subject?.title ?? "all"} ${path.join(".")} is not known`,
    );
}

function exemptionLines({ verdicts }: Judged, columns: number): readonly string[] {
  const rows = verdicts.flatMap(({ exemptions }) =>
    exemptions.map(({ rule, subject, until, reason }) => ({
      cells: [rule, subject.title, until, reason],
    })),
  );
  if (rows.length === 0) return [];
  const lines = tableLines(["exempt from", "what", "until", "because"], rows, columns);
  return [...lines, ""];
}

function sum({ what, subjects, verdicts }: Judged, paint: Paint): string {
  const looked = verdicts.filter(({ skipped }) => skipped === undefined);
  const broken = looked.filter(isBroken);
  const advised = looked.filter((one) => !isBroken(one) && one.findings.length > 0);
  const scope = `${counted(looked.length, "rule")} over ${counted(subjects, "object")} of ${what}`;
  const exempt = looked.reduce((count, { exemptions }) => count + exemptions.length, 0);
  if (looked.length === 0) return `${scope}: ${paint("yellow", "nothing judged")}`;
  const parts = [
    broken.length === 0 ? paint("green", "all kept") : paint("red", `${broken.length} broken`),
    ...(advised.length === 0 ? [] : [`${advised.length} advised against`]),
    ...(exempt === 0 ? [] : [counted(exempt, "exemption")]),
  ];
  return `${scope}: ${parts.join(", ")}`;
}

/** The same for a program. */
export function judgedJson({ site, source, what, subjects, verdicts, remarks }: Judged) {
  return {
    ok: !verdicts.some(isBroken),
    site,
    source,
    judged: what,
    objects: subjects,
    rules: verdicts.map(({ rule, enforcement, skipped, findings, exemptions, undecided }) => ({
      rule: rule.name,
      severity: rule.severity,
      enforcement: enforcement.level,
      ...(skipped !== undefined && { skipped }),
      findings: findings.map((finding) => ({ ...findingJson(finding, rule.remedy) })),
      exemptions: exemptions.map(({ subject, until, reason }) => ({
        about: subject.title,
        id: subject.id,
        until,
        reason,
      })),
      undecided: undecided.map(({ subject, path }) => ({
        ...(subject && { about: subject.title, id: subject.id }),
        path: path.join("."),
      })),
    })),
    remarks,
  };
}

function findingJson({ about, path, needed, given, next }: FindingAbout, remedy: string) {
  return { about: about.title, id: about.id, path, needed, given, next: next ?? remedy };
}
