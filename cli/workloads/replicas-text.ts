import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";
import { valueAt } from "../../site/path";
import { siteKey } from "../../site/stack-file";
import { parseYaml } from "../../site/yaml-file";

/** Changes of one number in a stack file, as text: every other byte stays as its author wrote it. */

/** A piece of the text, and what stands there afterwards. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The file's text with `workloads.<workload>.replicas` as given, or without it for `undefined`. Where a difference
 * cannot be taken out cleanly, say because it comes from elsewhere by an alias, `instead` is stated. Undefined
 * where the text is written in a way that only a person should change.
 */
export function withReplicas(
  text: string,
  workload: string,
  replicas: number | undefined,
  instead: number,
): string | undefined {
  if (replicas === undefined && numberIn(text, workload) === undefined) return text;
  const wanted = replicas ?? instead;
  const tries = [
    ...(replicas === undefined ? [() => removal(text, workload)] : []),
    () => statement(text, workload, wanted),
  ];
  for (const make of tries) {
    const edit = make();
    const changed = edit && text.slice(0, edit.from) + edit.text + text.slice(edit.to);
    if (changed !== undefined && saysOnly(changed, text, workload, [replicas, wanted])) {
      return changed;
    }
  }
  return undefined;
}

/** Whether a text says what the one before said, but for one workload's number. */
function saysOnly(
  after: string,
  before: string,
  workload: string,
  numbers: readonly (number | undefined)[],
): boolean {
  try {
    const number = numberIn(after, workload);
    if (!numbers.some((one) => one === number)) return false;
    const [there, here] = [after, before].map((one) => withoutReplicas(one, workload));
    return isDeepStrictEqual(there, here);
  } catch {
    return false;
  }
}

function numberIn(text: string, workload: string): unknown {
  const path = ["config", siteKey, "workloads", workload, "replicas"];
  return valueAt(parseYaml("", text).data, path);
}

function withoutReplicas(text: string, workload: string): unknown {
  // Through text, since what stands in two places by an alias is one object, and has to become two.
  const copy: unknown = JSON.parse(JSON.stringify(parseYaml("", text).data));
  const site = Object(valueAt(copy, ["config", siteKey]));
  const own = Object(valueAt(site, ["workloads", workload]));
  delete own.replicas;
  if (Object.keys(own).length === 0) delete Object(site.workloads)[workload];
  if (Object.keys(Object(site.workloads)).length === 0) delete site.workloads;
  return copy;
}

/** Keys that are there, from `workloads` to `replicas`, each in its map. */
interface Step {
  readonly map: YAMLMap;
  readonly pair: Pair;
  /** Key in whose value the map stands. */
  readonly parent: Pair;
}

function steps(text: string, workload: string) {
  const config = pairOf(parseDocument(text).contents, "config");
  let parent = config && pairOf(config.value, siteKey);
  const found: Step[] = [];
  for (const key of ["workloads", workload, "replicas"]) {
    if (parent === undefined || !isMap(parent.value)) break;
    const pair = pairOf(parent.value, key);
    if (pair === undefined) return { found, parent, map: parent.value };
    found.push({ map: parent.value, pair, parent });
    parent = pair;
  }
  return { found };
}

function pairOf(map: unknown, key: string): Pair | undefined {
  if (!isMap(map)) return undefined;
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** States the number: in place of the old one, or as the first of the keys that it belongs to. */
function statement(text: string, workload: string, replicas: number): Edit | undefined {
  const { found, parent, map } = steps(text, workload);
  const value = found[2]?.pair.value;
  if (isScalar(value) && value.range) {
    return { from: value.range[0], to: value.range[1], text: String(replicas) };
  }
  if (parent === undefined || map === undefined) return undefined;
  const snippets = [
    `workloads: {${workload}: {replicas: ${replicas}}}`,
    `${workload}: {replicas: ${replicas}}`,
    `replicas: ${replicas}`,
  ];
  const snippet = snippets[found.length] ?? "";
  if (map.flow) return inFlow(text, map, snippet);
  const indent = indentOf(text, map);
  const keyEnd = rangeOf(parent.key)?.[1];
  if (indent === undefined || keyEnd === undefined) return undefined;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  if (found.length > 0)
    return insertion(text, nextLine(text, keyEnd), `${indent}${snippet}`, newline);
  const last = contentEnd(map);
  if (last === undefined) return undefined;
  // A key that the whole site has not had stands at its end, written out as people do.
  const lines = `${indent}workloads:${newline}${indent}  ${snippets[1]}`;
  return insertion(text, nextLine(text, last), lines, newline);
}

function insertion(text: string, at: number, line: string, newline: string): Edit {
  const ended = at === 0 || text[at - 1] === "\n";
  return { from: at, to: at, text: ended ? `${line}${newline}` : `${newline}${line}` };
}

function inFlow(text: string, map: YAMLMap, snippet: string): Edit | undefined {
  const from = rangeOf(map)?.[0];
  if (from === undefined) return undefined;
  const at = from + 1;
  const [space = ""] = /^\s*/.exec(text.slice(at)) ?? [];
  if (map.items.length === 0) return { from: at, to: at, text: snippet };
  return { from: at, to: at, text: space === "" ? `${snippet}, ` : `${space}${snippet},` };
}

/** Takes the number out, and what is left empty by that. */
function removal(text: string, workload: string): Edit | undefined {
  const { found } = steps(text, workload);
  let at = found.length - 1;
  if (at < 2) return undefined;
  // Upwards while nothing else stands there, not even a comment.
  while (at > 0 && found[at]?.map.items.length === 1 && isBare(text, found[at - 1], found[2])) at--;
  const step = found[at];
  if (step === undefined) return undefined;
  if (step.map.items.length > 1 || at === 0) return pairRemoval(text, step);
  const [from, to] = [rangeOf(step.map)?.[0], contentEnd(step.map)];
  if (from === undefined || to === undefined) return undefined;
  if (step.map.flow) return { from, to: rangeOf(step.map)?.[1] ?? to, text: "{}" };
  // Comments keep their lines; the key above says that nothing is left.
  return emptied(text, step);
}

/** Whether no comment stands between a key and the number below it that would be lost with them. */
function isBare(text: string, above: Step | undefined, number: Step | undefined): boolean {
  const from = rangeOf(above?.pair.key)?.[0];
  const to = rangeOf(number?.pair.key)?.[0];
  return from !== undefined && to !== undefined && !text.slice(from, to).includes("#");
}

function pairRemoval(text: string, { map, pair }: Step): Edit | undefined {
  const from = rangeOf(pair.key)?.[0];
  const to = contentEnd(pair.value);
  if (from === undefined || to === undefined) return undefined;
  if (!map.flow) return { from: lineStart(text, from), to: nextLine(text, to), text: "" };
  const index = map.items.indexOf(pair);
  const next = rangeOf(map.items[index + 1]?.key)?.[0];
  const before = contentEnd(map.items[index - 1]?.value);
  const piece =
    next !== undefined
      ? { from, to: next }
      : before !== undefined
        ? { from: before, to }
        : undefined;
  if (piece === undefined || text.slice(piece.from, piece.to).includes("#")) return undefined;
  return { ...piece, text: "" };
}

/** `web:` with its one key below becomes `web: {}`, and the lines between stay. */
function emptied(text: string, { pair, parent }: Step): Edit | undefined {
  const keyEnd = rangeOf(parent.key)?.[1];
  const from = rangeOf(pair.key)?.[0];
  const to = contentEnd(pair.value);
  if (keyEnd === undefined || from === undefined || to === undefined) return undefined;
  const colon = text.indexOf(":", keyEnd) + 1;
  const between = text.slice(colon, lineStart(text, from));
  return { from: colon, to: nextLine(text, to), text: ` {}${between}` };
}

/** Blanks before the keys of a map that has a line for each; undefined when something else stands there. */
function indentOf(text: string, map: YAMLMap): string | undefined {
  const first = rangeOf(map.items[0]?.key)?.[0];
  if (first === undefined) return undefined;
  const before = text.slice(lineStart(text, first), first);
  return /^ *$/.test(before) ? before : undefined;
}

/** Where what a value says ends, comments behind it left out. */
function contentEnd(node: unknown): number | undefined {
  if (isCollection(node) && !node.flow) {
    const last: unknown = node.items.at(-1);
    if (last === undefined) return undefined;
    if (!isMap(node)) return contentEnd(last);
    const { key, value } = last as Pair;
    return contentEnd(value) ?? rangeOf(key)?.[1];
  }
  return rangeOf(node)?.[1];
}

function rangeOf(node: unknown): readonly number[] | undefined {
  const range = node instanceof Object && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? range : undefined;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Beginning of the line after the one that an offset is on; a block of text ends on the next one already. */
function nextLine(text: string, at: number): number {
  if (text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}
