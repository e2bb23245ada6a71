import type { PlainObject } from "./store";

/** Harbor's patterns: `*` within a part of a path, `**` across parts, `?`, `{a,b}`, `[a-c]`. */
export function matches(pattern: string, text: string): boolean {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (pattern.startsWith("**", at)) {
      source += ".*";
      at++;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{") source += "(?:";
    else if (character === "}") source += ")";
    else if (character === ",") source += "|";
    else if ("[]".includes(character)) source += character;
    else source += character.replace(/[\\^$.|+()]/, "\\$&");
  }
  return new RegExp(`^(?:${source})$`).test(text);
}

interface Selector {
  readonly decoration: string;
  readonly pattern: string;
}

/** Whether a rule speaks of a tag; `repository` is the name within the project. */
export function ruleMatches(rule: PlainObject, repository: string, tag: string): boolean {
  const { tag_selectors, scope_selectors } = rule as unknown as {
    tag_selectors: readonly Selector[];
    scope_selectors: { repository: readonly Selector[] };
  };
  const fits = (selector: Selector, text: string) =>
    /excludes/i.test(selector.decoration) !== matches(selector.pattern, text);
  return (
    rule.disabled !== true &&
    scope_selectors.repository.every((selector) => fits(selector, repository)) &&
    tag_selectors.every((selector) => fits(selector, tag))
  );
}
