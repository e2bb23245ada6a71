import type { z } from "zod";
import { nearest } from "./nearest";
import { type Path, valueAt } from "./path";
import { type DocumentName, type Problem, problem, show } from "./problems";

type Issue = z.core.$ZodIssue;

/**
 * What is needed, in words that read on from "needs", where a schema gives none of its own. Handed to
 * every parse, so that no wording of the validation library reaches a reader.
 */
export function needed(issue: z.core.$ZodRawIssue): string {
  if (issue.code === "invalid_type") {
    return issue.input === undefined
      ? "a value here: this key is required"
      : article(issue.expected);
  }
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return "another value";
}

/** The problems behind the faults that a schema found in a document. */
export function problemsOf(
  document: DocumentName,
  issues: readonly Issue[],
  given: unknown,
  at: {
    readonly knownKeys: (path: Path) => readonly string[];
    /** The data that stands together with a path. */
    readonly statedWith: (path: Path) => unknown;
  },
): readonly Problem[] {
  // A required key that is there under a mistyped name is one mistake, told once.
  const mistyped = new Set<string>();
  const found = issues.flatMap((issue): readonly Problem[] => {
    const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    if (issue.code === "unrecognized_keys") {
      const known = at.knownKeys(path);
      return issue.keys.map((key) => {
        const place = [...path, key];
        const meant = meantKey(place, known, at.statedWith(place));
        if (meant !== undefined) mistyped.add(JSON.stringify([...path, meant]));
        return unknownKey(document, place, known, meant);
      });
    }
    if (issue.code === "invalid_key") {
      const reason = issue.issues[0]?.message ?? "another key";
      return [problem(document, path, `as its key ${reason}`, show(path.at(-1)))];
    }
    const value = valueAt(given, path);
    const missing = value === undefined;
    // A secret typed where its name belongs must not end up on a screen or in a log.
    const shown = String(path.at(-1)).endsWith("Secret") ? "a text that is no name" : show(value);
    const fault = problem(document, path, issue.message, missing ? "nothing" : shown);
    // What an object holds is only at fault together: which of it is there says more than that it is an object.
    if (issue.code !== "custom" || shown !== show({})) return [fault];
    return [{ ...fault, given: stated(value, at.knownKeys(path)) }];
  });
  const told = new Set<string>();
  return found.filter(({ path, needed: what, given: shown }) => {
    const place = JSON.stringify(path);
    if (shown === "nothing" && mistyped.has(place)) return false;
    // A text that is of the wrong shape is also no date, no address: one mistake.
    const once = `${place} ${what}`;
    return !told.has(once) && told.add(once);
  });
}

function stated(value: unknown, known: readonly string[]): string {
  const keys = known.filter((key) => Object.hasOwn(Object(value), key));
  return keys.length === 0 ? "none of its keys" : keys.join(", ");
}

/** The known key that a mistyped one stands for; one that is not stated already goes first. */
function meantKey(path: Path, known: readonly string[], given: unknown): string | undefined {
  const key = String(path.at(-1));
  const present = valueAt(given, path.slice(0, -1));
  const free = known.filter((name) => !Object.hasOwn(Object(present), name));
  return nearest(key, free) ?? nearest(key, known);
}

function unknownKey(
  document: DocumentName,
  path: Path,
  known: readonly string[],
  meant: string | undefined,
): Problem {
  const next =
    meant === undefined ? `remove it; known keys: ${known.join(", ")}` : `write ${meant}`;
  return problem(document, path, "a known key", show(path.at(-1)), next);
}

function article(expected: string): string {
  if (expected === "object" || expected === "record") return "an object of keys and values";
  if (expected === "array") return "a list";
  if (expected === "string") return "a text";
  if (expected === "boolean") return "true or false";
  return expected === "int" ? "a whole number" : `a ${expected}`;
}
