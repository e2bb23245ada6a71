import { z } from "zod";
import { list, text, whole } from "./fields";

/** Patterns over lines of logs, as Filebeat takes them. */

const patternNeeded =
  "a regular expression as Go knows it: without look-around and back-references, in one line of at most 300 letters";

/** Whether Go's regular expressions, which Filebeat has, can be expected to take a pattern. */
export function isPattern(pattern: string): boolean {
  if (pattern === "" || pattern.length > 300 || /[\n\r]/.test(pattern)) return false;
  // ${…} would be taken for a variable.
  if (/\(\?<?[=!]|\(\?<[A-Za-z]|\\[1-9]|\\k|\$\{/.test(pattern)) return false;
  try {
    // Words that only Go knows are taken away: what is left is common to both.
    new RegExp(pattern.replace(/^\(\?[ims]+\)/, "").replaceAll(/\[:\^?[a-z]+:\]/g, "a-z"), "u");
    return true;
  } catch {
    return false;
  }
}

export const patternField = z
  .string({ error: patternNeeded })
  .refine(isPattern, { error: patternNeeded });

/** Presets for lines that belong together, by what writes them. */
export const multilinePresets = ["none", "java", "python", "go"] as const;

export const multilineField = z
  .union(
    [
      z.enum(multilinePresets),
      z.strictObject({
        start: patternField.describe("What every first line of an entry matches."),
        maxLines: whole(2, 5000, "lines").default(500).describe("Most lines of one entry."),
      }),
    ],
    { error: `${multilinePresets.join(", ")}, or {start: a pattern that first lines match}` },
  )
  .default("none")
  .describe(
    "Which lines are one entry: stack traces of Java, Python or Go, or all lines up to the next that matches `start`.",
  );

export const excludeField = list(patternField, 20, "patterns")
  .default([])
  .describe("Lines that match one of these are not sent.");

export const formatField = z
  .enum(["json", "text"], { error: "json or text" })
  .default("text")
  .describe("`json`: every line is an object, which is taken apart under `app`.");

/** Name of a field of ours below which a release puts its own. */
export const fieldsField = z
  .record(
    text(/^[a-z][a-z0-9_]{0,39}$/, "a field of lower-case letters, digits and underscores"),
    z.string({ error: "a text" }).max(200, { error: "a text of at most 200 letters" }),
    { error: "an object of field and text" },
  )
  .default({})
  .describe("Further fields of every entry, below `fields`.");

export type Multiline = z.output<typeof multilineField>;
