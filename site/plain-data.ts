import { formatPath, type Path } from "./path";
import { type DocumentName, type Problem, problem } from "./problems";

const deepest = 20;
const mostValues = 200_000;

/**
 * Refuses documents that are not a modest tree of plain data before anything walks them: endless or very
 * deep nesting, huge documents, keys that would reach an object's prototype. One problem at most.
 */
export function treeProblem(document: DocumentName, root: unknown): Problem | undefined {
  const waiting: { value: unknown; path: Path }[] = [{ value: root, path: [] }];
  for (let seen = 0; waiting.length > 0; seen++) {
    const { value, path } = waiting.pop() as { value: unknown; path: Path };
    if (seen > mostValues) return problem(document, [], `at most ${mostValues} values`, "more");
    if (path.length > deepest) {
      return problem(document, path.slice(0, 3), `at most ${deepest} levels of nesting`, "more");
    }
    if (typeof value !== "object" || value === null) continue;
    if (!isPlain(value))
      return problem(document, path, "plain data", `a ${value.constructor?.name}`);
    for (const key of Object.keys(value)) {
      if (key === "__proto__") {
        return problem(document, path, "keys that are words", formatPath([key]), "remove that key");
      }
      const step = Array.isArray(value) ? Number(key) : key;
      waiting.push({ value: Reflect.get(value, key), path: [...path, step] });
    }
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
