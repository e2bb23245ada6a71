import { formatPath, type Path } from "./path";
import { RunError } from "./run-error";

/** Exit code of a site or release file that has problems; the same as in cli/exit-codes.ts. */
const exitCode = 3;

/** A fault in a document, as data: what is needed there, what was given, what to do. */
export interface Problem {
  readonly document: DocumentName;
  readonly path: Path;
  /** What the value must be; reads on from "needs". */
  readonly needed: string;
  /** What stands there now, short and printable; absent when nothing does. */
  readonly given?: string;
  /** The edit that mends it, where one is known. */
  readonly next?: string;
  /** Where its path leads, when that is another file than its document's: a release that others build on. */
  readonly place?: DocumentPlace;
}

/** `site` is the stack file, `catalogue` one of the files in catalogue/. */
export type DocumentName =
  | "site"
  | "release"
  | "kubernetes"
  | "preflight"
  | "nodes"
  | "platform"
  | "crds"
  | "exemptions";

/** What is known of a document for the message: its file, and where a path stands in it. */
export interface DocumentPlace {
  /** File as the reader knows it, relative to the project; absent when there is no file. */
  readonly file?: string;
  /** Key that the document stands under in its file, `sitewright:site` for a site. */
  readonly root?: string;
  /** Line of a path, counted from 1. */
  readonly lineOf?: (path: Path) => number | undefined;
  /** The file that a path really stands in, where a document is made of several. Default: its own. */
  readonly standsIn?: (path: Path) => DocumentPlace | undefined;
}

export type Places = Readonly<Partial<Record<DocumentName, DocumentPlace>>>;

/** A problem of the site; most are. */
export function siteProblem(path: Path, needed: string, given?: string, next?: string): Problem {
  return problem("site", path, needed, given, next);
}

export function problem(
  document: DocumentName,
  path: Path,
  needed: string,
  given?: string,
  next?: string,
): Problem {
  return {
    document,
    path,
    needed,
    ...(given !== undefined && { given }),
    ...(next !== undefined && { next }),
  };
}

const longestGiven = 70;

/** A value as a message shows it: one line, bounded, control characters escaped. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value))
    return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? quoted(value) : String(value);
  return text.length > longestGiven ? `${text.slice(0, longestGiven)}…` : text;
}

/** One line a problem: `file:line  path  needs …; given …; next: …`. */
export function formatProblem(problem: Problem, places: Places = {}): string {
  const { file, line, path, needed, given, next, inheritedBy } = locate(problem, places);
  const where = line === undefined ? file : `${file}:${line}`;
  const sentence = [
    `needs ${needed}`,
    ...(given === undefined ? [] : [`given ${given}`]),
    ...(next === undefined ? [] : [`next: ${next}`]),
    ...(inheritedBy === undefined ? [] : [`inherited by ${inheritedBy}`]),
  ].join("; ");
  return [where, path, sentence].filter((part) => part !== undefined && part !== "").join("  ");
}

/** Most problems a reader is shown at once; the rest is counted. */
const mostShown = 50;

/** All problems in one message, the first line of which counts them. */
export function formatProblems(problems: readonly Problem[], places: Places = {}): string {
  const lines = inFileOrder(problems, places).map(
    (problem) => `  ${formatProblem(problem, places)}`,
  );
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  const hidden = lines.length > mostShown ? [`  … and ${lines.length - mostShown} more`] : [];
  return [`${count} in what this site is made from:`, ...lines.slice(0, mostShown), ...hidden].join(
    "\n",
  );
}

/** A text in quotes, with everything escaped that could move a cursor or turn the line around. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A problem with its place spelled out, for programs that read reports. */
export interface LocatedProblem {
  readonly file?: string;
  readonly line?: number;
  /** Path as in the file, with the key that the document stands under. */
  readonly path: string;
  readonly needed: string;
  readonly given?: string;
  readonly next?: string;
  /** The file that the value is wrong for, when it stands in one that this builds on. */
  readonly inheritedBy?: string;
}

/** All that is wrong with what a site is made from: one message for people, a list for programs. */
export class ProblemsError extends RunError {
  readonly problems: readonly LocatedProblem[];

  constructor(problems: readonly Problem[], places: Places) {
    super(formatProblems(problems, places), { exitCode });
    this.problems = inFileOrder(problems, places).map((problem) => locate(problem, places));
  }
}

/** Throws one {@link ProblemsError} that names every problem; returns when there is none. */
export function throwProblems(problems: readonly Problem[], places: Places = {}): void {
  if (problems.length > 0) throw new ProblemsError(problems, places);
}

function locate(problem: Problem, places: Places): LocatedProblem {
  const { path, needed, given, next } = problem;
  const { document, stands } = placesOf(problem, places);
  const { file, root = "", lineOf } = stands;
  const line = lineOf?.(path);
  const inDocument = formatPath(path);
  const separator = root === "" || inDocument === "" || inDocument.startsWith("[") ? "" : ".";
  const inherited = document.file !== undefined && document.file !== file;
  return {
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    path: `${root}${separator}${inDocument}`,
    needed,
    ...(given !== undefined && { given }),
    ...(next !== undefined && { next }),
    ...(inherited && { inheritedBy: document.file }),
  };
}

/** The place of a problem's document, and the one that its path really stands in. */
function placesOf({ document, path, place }: Problem, places: Places) {
  const whole: DocumentPlace = places[document] ?? {};
  return { document: whole, stands: place ?? whole.standsIn?.(path) ?? whole };
}

function inFileOrder(problems: readonly Problem[], places: Places): readonly Problem[] {
  const order: readonly DocumentName[] = [
    "site",
    "release",
    "kubernetes",
    "preflight",
    "nodes",
    "platform",
    "crds",
    "exemptions",
  ];
  const placed = problems.map((problem) => {
    const { file = "", lineOf } = placesOf(problem, places).stands;
    return { problem, file, line: lineOf?.(problem.path) ?? 0 };
  });
  placed.sort(
    (one, other) =>
      order.indexOf(one.problem.document) - order.indexOf(other.problem.document) ||
      compareTexts(one.file, other.file) ||
      one.line - other.line,
  );
  return placed.map(({ problem }) => problem);
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
