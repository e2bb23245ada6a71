/**
 * What can be said of an expression of PromQL without Prometheus: whether its brackets and quotes are closed. The rest
 * is promtool's, which reads every rule of the product when it is built.
 */

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** What is wrong, in words that read on from "given"; undefined where nothing is. */
export function promqlFault(expr: string): string | undefined {
  const open: string[] = [];
  let quote: string | undefined;
  for (let at = 0; at < expr.length; at++) {
    const character = expr.charAt(at);
    if (quote !== undefined) {
      if (character === "\\" && quote !== "`") at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'" || character === "`") {
      quote = character;
    } else if (character === "#") {
      const end = expr.indexOf("\n", at);
      at = end < 0 ? expr.length : end;
    } else if (closing[character] !== undefined) {
      open.push(closing[character]);
    } else if (Object.values(closing).includes(character) && open.pop() !== character) {
      return `${character} without the bracket that it closes`;
    }
  }
  if (quote !== undefined) return `a text that begins with ${quote} and does not end`;
  const left = open.pop();
  return left === undefined ? undefined : `a bracket that lacks its ${left}`;
}
