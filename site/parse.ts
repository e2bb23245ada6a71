import type { z } from "zod";
import { needed, problemsOf } from "./issues";
import { knownKeys } from "./known-keys";
import type { Path } from "./path";
import { treeProblem } from "./plain-data";
import type { DocumentName, Problem } from "./problems";

/** A document read by its schema: its problems, and the value when there are none. */
export interface Parsed<Value> {
  readonly value?: Value;
  readonly problems: readonly Problem[];
  /** Where the faults stand, unknown keys left out: checks that read anything there cannot run. */
  readonly faulty: readonly Path[];
}

/**
 * Reads plain data by a schema and reports every fault in it. `statedWith` is the data that stands together with a path,
 * for a document that is made of several files. Default: all of it.
 */
export function parseDocument<Schema extends z.ZodType>(
  document: DocumentName,
  schema: Schema,
  data: unknown,
  statedWith: (path: Path) => unknown = () => data,
): Parsed<z.output<Schema>> {
  const tree = treeProblem(document, data);
  if (tree !== undefined) return { problems: [tree], faulty: [[]] };
  const result = schema.safeParse(data, { error: needed, reportInput: false });
  if (result.success) return { value: result.data, problems: [], faulty: [] };
  const { issues } = result.error;
  const problems = problemsOf(document, issues, data, {
    knownKeys: (path) => knownKeys(schema, path, data),
    statedWith,
  });
  const faulty = issues
    .filter((issue) => issue.code !== "unrecognized_keys")
    .map((issue) => issue.path.map((step) => (typeof step === "symbol" ? String(step) : step)));
  return { problems, faulty };
}
