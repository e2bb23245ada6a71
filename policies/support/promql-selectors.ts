/** A selector of PromQL: the figure that it names, if it does, and what it asks of labels. */
export interface FigureSelector {
  readonly figure: string;
  readonly matchers: readonly LabelMatcher[];
}

export interface LabelMatcher {
  readonly label: string;
  /** Whether `value` must be met, or must not. */
  readonly positive: boolean;
  /** Whether a label with this value is met by the matcher's own value, however that is written. */
  readonly meets: (value: string) => boolean;
}

const selector = /([a-zA-Z_:][\w:]*)?\s*\{([^{}]*)\}/g;
const matcher = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;

/** Every selector of an expression. What is no PromQL has none, or some; it never fails. */
export function selectorsOf(expr: string): readonly FigureSelector[] {
  return [...expr.matchAll(selector)].map(([, figure = "", inside = ""]) => ({
    figure,
    matchers: [...inside.matchAll(matcher)].map(([, label = "", sign = "", value = ""]) => ({
      label,
      positive: sign.startsWith("="),
      meets: sign.endsWith("~") ? wholly(value) : (given) => given === value,
    })),
  }));
}

/** Prometheus' expressions are whole ones; what is none to us meets nothing. */
function wholly(pattern: string): (value: string) => boolean {
  try {
    // In a text of PromQL each backslash is written twice.
    const expression = new RegExp(`^(?:${pattern.replaceAll("\\\\", "\\")})$`);
    return (value) => expression.test(value);
  } catch {
    return () => false;
  }
}
