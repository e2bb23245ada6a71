import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from "yaml";
import type { Path } from "./path";
import { RunError } from "./run-error";

/** A YAML file as plain data, with the line that each value stands on. */
export interface YamlFile {
  /** Path relative to the project, as the reader knows it. */
  readonly file: string;
  readonly data: unknown;
  readonly lineOf: (path: Path) => number | undefined;
}

const largestBytes = 1024 * 1024;
const exitCode = 3;

/**
 * Reads one of the project's YAML files.
 * Throws {@link RunError} when it is missing, too large, not UTF-8 or not YAML; never runs away on hostile input.
 */
export function readYamlFile(folder: string, file: string, whenMissing: string): YamlFile {
  return parseYaml(file, readText(folder, file, whenMissing));
}

/** The same from text that is already at hand; `file` is only for messages. */
export function parseYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const next = "mend the file in an editor that knows YAML";
  try {
    // `merge` because the engine that reads stack files beside us knows "<<" too.
    const document = parseDocument(text, {
      lineCounter: lines,
      merge: true,
      logLevel: "error",
      prettyErrors: false,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line } = lines.linePos(error.pos[0]);
      throw new RunError(`${file}:${line}  needs valid YAML: ${readable(error.message)}`, {
        exitCode,
        nextStep: next,
      });
    }
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    return { file, data, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error) {
    if (error instanceof RunError) throw error;
    // Nesting beyond the stack, or aliases that multiply beyond bounds.
    const reason = readable(error instanceof Error ? error.message : String(error));
    throw new RunError(`${file}  needs modest YAML: ${reason}`, {
      exitCode,
      nextStep: next,
      cause: error,
    });
  }
}

function readText(folder: string, file: string, whenMissing: string): string {
  const path = join(folder, file);
  try {
    const { size } = statSync(path);
    if (size > largestBytes) {
      throw new RunError(`${file}  needs at most ${largestBytes} bytes; given ${size}`, {
        exitCode,
      });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (error instanceof TypeError) {
      throw new RunError(`${file}  needs text in UTF-8`, {
        exitCode,
        nextStep: "save it as UTF-8",
        cause: error,
      });
    }
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new RunError(
      missing ? `${file} is not there` : `${file} cannot be read: ${String(error)}`,
      {
        exitCode,
        nextStep: whenMissing,
        cause: error,
      },
    );
  }
}

/** Line of the key or list item at a path, or of the nearest thing above it that the file spells out. */
function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (pair === undefined || !isPair(pair) || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (typeof item !== "object" || item === null) break;
      offset = (item as { range?: readonly number[] }).range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** The first line of a parser's message, apart from the one that speaks of its own stack. */
function readable(message: string): string {
  if (message.includes("call stack")) return "it nests too deeply";
  return (message.split("\n")[0] ?? "").slice(0, 200);
}
