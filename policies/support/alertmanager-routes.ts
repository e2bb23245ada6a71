import { parse } from "yaml";
import { fields, items, textOf } from "./objects";

/** Who gets an alert by Alertmanager's own configuration, read as Alertmanager reads it. */

type Fields = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

export interface AlertmanagerConfig {
  /** Receivers that routes name, for an alert with these labels; one that it does not have is as "". */
  told(labels: Labels): readonly string[];
  /** What a receiver tells by: `email`, `webhook`; empty for one that tells nobody, undefined for one that is not there. */
  ways(receiver: string): readonly string[] | undefined;
}

/** Reads a configuration; undefined for a text that is none. */
export function alertmanagerConfig(text: string): AlertmanagerConfig | undefined {
  const { route, receivers } = fields(parsed(text));
  if (route === undefined) return undefined;
  const ways = new Map(
    items(receivers)
      .map(fields)
      .map(({ name, ...rest }) => [textOf(name), waysOf(rest)] as const),
  );
  return {
    told: (labels) => [...new Set(walked(fields(route), labels, ""))],
    ways: (receiver) => ways.get(receiver),
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

/** Keys such as `email_configs` with something in them. */
function waysOf(receiver: Fields): readonly string[] {
  return Object.entries(receiver)
    .filter(([key, value]) => key.endsWith("_configs") && items(value).length > 0)
    .map(([key]) => key.slice(0, -"_configs".length));
}

/** The first route below that fits is taken, and further ones where it says `continue`; without any, this one. */
function walked(route: Fields, labels: Labels, inherited: string): readonly string[] {
  const receiver = textOf(route.receiver) || inherited;
  const taken: string[] = [];
  let fits = false;
  for (const child of items(route.routes).map(fields)) {
    if (!isFor(child, labels)) continue;
    fits = true;
    taken.push(...walked(child, labels, receiver));
    if (child.continue !== true) break;
  }
  return fits ? taken : [receiver];
}

function isFor({ matchers, match, match_re: expressions }: Fields, labels: Labels): boolean {
  return (
    items(matchers).every((matcher) => isMet(textOf(matcher), labels)) &&
    Object.entries(fields(match)).every(([label, value]) => (labels[label] ?? "") === value) &&
    Object.entries(fields(expressions)).every(([label, value]) =>
      meets(textOf(value), labels[label] ?? ""),
    )
  );
}

const form = /^\s*([a-zA-Z_][\w]*)\s*(=~|!~|!=|=)\s*"?((?:[^"\\]|\\.)*)"?\s*$/;

function isMet(matcher: string, labels: Labels): boolean {
  const [, label = "", sign, wanted = ""] = form.exec(matcher) ?? [];
  if (sign === undefined) return false;
  const value = labels[label] ?? "";
  const met = sign.endsWith("~") ? meets(wanted, value) : wanted === value;
  return sign.startsWith("!") ? !met : met;
}

/** Alertmanager's expressions are whole ones; what is none to us meets nothing. */
function meets(expression: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${expression})$`).test(value);
  } catch {
    return false;
  }
}
