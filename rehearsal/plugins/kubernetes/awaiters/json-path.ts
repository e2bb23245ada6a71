import { ProviderFailure } from "../../protocol/failure";
import { isMap, type KubeValue } from "../objects/kube-object";

type Step =
  | { kind: "key"; name: string }
  | { kind: "index"; index: number }
  | { kind: "all" }
  | { kind: "filter"; path: Step[]; operator: string; value: KubeValue | undefined };

/** A "jsonpath={.path}=value" expression; without "=value" anything found will do. */
export interface JsonPathExpression {
  /** As the user wrote it, in braces. */
  path: string;
  value: string | undefined;
  steps: Step[];
}

const grammar = "write jsonpath={.status.phase}=Running or jsonpath={.status.phase}";

/** Reads a waitFor expression. Errors show the expression and how to write it. */
export function parseJsonPath(expression: string): JsonPathExpression {
  const text = expression.replace(/^jsonpath=/, "");
  const match = /^\{\s*(.*?)\s*\}(?:=(.*))?$/s.exec(text);
  const [, path, value] = match ?? [];
  if (path === undefined || value === "") {
    throw new ProviderFailure(`The waitFor expression "${expression}" cannot be read; ${grammar}.`);
  }
  const shown = `{${path}}`;
  return { path: shown, value, steps: steps(path.replace(/^\$/, ""), expression) };
}

function steps(path: string, expression: string): Step[] {
  const found: Step[] = [];
  let rest = path;
  while (rest !== "") {
    const filter =
      /^\[\?\(?\s*@([^=!<>\s)]*)\s*(?:(==|!=|>=|<=|>|<)\s*("[^"]*"|'[^']*'|[^)\]\s]+))?\s*\)?\]/.exec(
        rest,
      );
    const index = /^\[(-?\d+)\]/.exec(rest);
    const all = /^(?:\[\*\]|\.\*)/.exec(rest);
    const quoted = /^\[(?:'([^']*)'|"([^"]*)")\]/.exec(rest);
    const key = /^\.((?:\\.|[^.[\]\\])+)/.exec(rest);
    const match = filter ?? index ?? all ?? quoted ?? key;
    if (match === null) {
      throw new ProviderFailure(
        `The waitFor expression "${expression}" cannot be read at "${rest}"; ${grammar}.`,
      );
    }
    if (filter !== null) {
      const [, inner = "", operator = "", literal] = filter;
      found.push({
        kind: "filter",
        path: steps(inner, expression),
        operator,
        value: literalOf(literal),
      });
    } else if (index !== null) found.push({ kind: "index", index: Number(index[1]) });
    else if (all !== null) found.push({ kind: "all" });
    else if (quoted !== null) found.push({ kind: "key", name: quoted[1] ?? quoted[2] ?? "" });
    else found.push({ kind: "key", name: (key?.[1] ?? "").replaceAll("\\.", ".") });
    rest = rest.slice(match[0].length);
  }
  return found;
}

function literalOf(text: string | undefined): KubeValue | undefined {
  if (text === undefined) return undefined;
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  return text === "null" ? null : Number.isNaN(Number(text)) ? text : Number(text);
}

/** Everything that the expression's path selects. */
export function select(value: KubeValue, path: Step[]): KubeValue[] {
  return path.reduce<KubeValue[]>(
    (values, step) => values.flatMap((item) => follow(item, step)),
    [value],
  );
}

function follow(value: KubeValue, step: Step): KubeValue[] {
  switch (step.kind) {
    case "key": {
      const found = isMap(value) ? value[step.name] : undefined;
      return found === undefined ? [] : [found];
    }
    case "index": {
      const found = Array.isArray(value) ? value.at(step.index) : undefined;
      return found === undefined ? [] : [found];
    }
    case "all":
      return Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
    case "filter":
      return (Array.isArray(value) ? value : isMap(value) ? Object.values(value) : []).filter(
        (item) => {
          const [left] = select(item, step.path);
          return step.operator === ""
            ? left !== undefined
            : compare(left, step.operator, step.value);
        },
      );
  }
}

function compare(
  left: KubeValue | undefined,
  operator: string,
  right: KubeValue | undefined,
): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (typeof left !== typeof right || left === undefined || left === null) return false;
  const [a, b] = [left as number | string, right as number | string];
  if (operator === ">") return a > b;
  if (operator === "<") return a < b;
  return operator === ">=" ? a >= b : a <= b;
}

/** What came of an expression; `found` is the value at its path, when there is one. */
export interface JsonPathMatch {
  matched: boolean;
  found: string | undefined;
}

/** Whether the object is as the expression wants it. */
export function matchJsonPath(object: KubeValue, expression: JsonPathExpression): JsonPathMatch {
  const [value] = select(object, expression.steps);
  if (value === undefined) return { matched: false, found: undefined };
  if (Array.isArray(value) || isMap(value)) {
    if (expression.value === undefined) return { matched: true, found: undefined };
    throw new ProviderFailure(
      `"${expression.path}" of the waitFor annotation is a list or an object, which cannot equal "${expression.value}".`,
    );
  }
  const found = value === null ? "<nil>" : String(value);
  return { matched: expression.value === undefined || expression.value === found, found };
}
