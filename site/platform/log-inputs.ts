import type { Multiline } from "../schema/log-patterns";
import type { Release } from "../schema/release";
import type { LogInput, LogLines, MultilineBlueprint } from "./logging-types";

/** How lines become entries, by what the release says of them. */

/** Lines that belong to the one before, in Go's regular expressions. */
const continued: Readonly<Record<"java" | "python" | "go", string>> = {
  java: "^[[:space:]]+(at|\\.{3})[[:space:]]|^[[:space:]]*(Caused by|Suppressed):",
  python: "^Traceback \\(|^[[:space:]]|^[A-Za-z_.]+(Error|Exception|Warning|Interrupt|Exit)(:|$)",
  go: "^(\\[signal |goroutine [0-9]+ |created by |exit status |[[:space:]]|$)|^[^[:space:]]+\\(.*\\)$",
};

/** Most lines of one entry: deeper stack traces are cut. */
const mostLines = 500;

/** Which lines are one entry; undefined where each is one. */
export function multilineOf(stated: Multiline): MultilineBlueprint | undefined {
  if (stated === "none") return undefined;
  return typeof stated === "string"
    ? { pattern: continued[stated], negate: false, maxLines: mostLines }
    : { pattern: stated.start, negate: true, maxLines: stated.maxLines };
}

export function linesOf({
  multiline,
  exclude,
}: {
  readonly multiline: Multiline;
  readonly exclude: readonly string[];
}): LogLines {
  const own = multilineOf(multiline);
  return { ...(own !== undefined && { multiline: own }), exclude };
}

/** Workloads whose output is read in a way of its own. */
export function logInputs({ workloads }: Pick<Release, "workloads">): readonly LogInput[] {
  return Object.entries(workloads)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([workload, { namespace, logs }]) => {
      const lines = linesOf(logs);
      if (lines.multiline === undefined && lines.exclude.length === 0) return [];
      return [{ namespace, workload, ...lines }];
    });
}
