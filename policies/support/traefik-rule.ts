/** What a rule of Traefik matches, as far as host and path are concerned. */

/** One of the ways in which a request may match a rule. */
export interface RuleMatch {
  /** From `Host` or `HostSNI`; absent where any host matches. */
  readonly host?: string;
  readonly path?: { readonly how: "exact" | "prefix"; readonly text: string };
  /** Whether anything else is asked of a request, such as a header. */
  readonly more: boolean;
}

/** Longer and deeper than rules of people get; beyond, nothing is said of them. */
const longestRule = 4000;
const deepestRule = 30;
const mostMatches = 500;

const token =
  /\s*(?:(&&|\|\||[!()])|([A-Za-z]{1,40})\(\s*((?:(?:`[^`]*`|"[^"]*")\s*(?:,\s*)?)*)\))/y;

type Token = string | { readonly matcher: string; readonly texts: readonly string[] };

/** All ways to match a rule; none for what is no rule, or one of unusual size. */
export function ruleMatches(rule: unknown): readonly RuleMatch[] {
  const tokens = typeof rule === "string" && rule.length <= longestRule ? tokensOf(rule) : [];
  if (tokens.length === 0) return [];
  try {
    const [matches, end] = anyOf(tokens, 0, 0);
    return end === tokens.length ? matches : [];
  } catch (error) {
    if (error instanceof OddRule) return [];
    throw error;
  }
}

class OddRule extends Error {}

function tokensOf(rule: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let end = rule.trimEnd().length; token.lastIndex < end; ) {
    const [, sign, matcher, texts] = token.exec(rule) ?? [];
    if (sign !== undefined) tokens.push(sign);
    else if (matcher === undefined || texts === undefined) return [];
    else tokens.push({ matcher, texts: texts.match(/`[^`]*`|"[^"]*"/g)?.map(unquoted) ?? [] });
  }
  return tokens;
}

function unquoted(text: string): string {
  return text.slice(1, -1);
}

type Parsed = readonly [matches: readonly RuleMatch[], end: number];

function anyOf(tokens: readonly Token[], from: number, depth: number): Parsed {
  if (depth > deepestRule) throw new OddRule();
  let [matches, end] = allOf(tokens, from, depth);
  while (tokens[end] === "||") {
    const [more, after] = allOf(tokens, end + 1, depth);
    matches = bounded([...matches, ...more]);
    end = after;
  }
  return [matches, end];
}

function allOf(tokens: readonly Token[], from: number, depth: number): Parsed {
  let [matches, end] = one(tokens, from, depth);
  while (tokens[end] === "&&") {
    const [others, after] = one(tokens, end + 1, depth);
    if (matches.length * others.length > mostMatches) throw new OddRule();
    matches = matches.flatMap((match) => others.map((other) => both(match, other)));
    end = after;
  }
  return [matches, end];
}

function one(tokens: readonly Token[], at: number, depth: number): Parsed {
  const first = tokens[at];
  if (first === "(") {
    const [matches, end] = anyOf(tokens, at + 1, depth + 1);
    if (tokens[end] !== ")") throw new OddRule();
    return [matches, end + 1];
  }
  if (first === "!") {
    if (depth > deepestRule) throw new OddRule();
    const [, end] = one(tokens, at + 1, depth + 1);
    return [[{ more: true }], end];
  }
  if (typeof first !== "object") throw new OddRule();
  return [bounded(matcherMatches(first)), at + 1];
}

function matcherMatches({ matcher, texts }: Exclude<Token, string>): readonly RuleMatch[] {
  switch (matcher) {
    case "Host":
    case "HostSNI":
      return texts.map((host) => ({
        ...(host !== "*" && { host: host.toLowerCase() }),
        more: false,
      }));
    case "Path":
      return texts.map((text) => ({ path: { how: "exact", text }, more: false }));
    case "PathPrefix":
      return texts.map((text) => ({ path: { how: "prefix", text }, more: false }));
    default:
      return [{ more: true }];
  }
}

function both(one: RuleMatch, other: RuleMatch): RuleMatch {
  const twice =
    (one.host !== undefined && other.host !== undefined) ||
    (one.path !== undefined && other.path !== undefined);
  return { ...one, ...other, more: one.more || other.more || twice };
}

function bounded(matches: readonly RuleMatch[]): readonly RuleMatch[] {
  if (matches.length > mostMatches) throw new OddRule();
  return matches;
}
