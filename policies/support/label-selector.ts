import { fields, items } from "./objects";

/**
 * Whether a selector, `matchLabels` and `matchExpressions`, takes in what has these labels. An empty one takes in
 * everything; what is no selector, nothing.
 */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  if (typeof selector !== "object" || selector === null || Array.isArray(selector)) return false;
  const { matchLabels, matchExpressions } = fields(selector);
  return (
    Object.entries(fields(matchLabels)).every(([key, value]) => ownLabel(labels, key) === value) &&
    items(matchExpressions).every((expression) => meetsRequirement(expression, labels))
  );
}

/** Whether labels meet one of `matchExpressions`; by an operator that selectors do not know, they do not. */
export function meetsRequirement(
  expression: unknown,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  const { key, operator, values } = fields(expression);
  const label = typeof key === "string" ? ownLabel(labels, key) : undefined;
  switch (operator) {
    case "In":
      return label !== undefined && items(values).includes(label);
    case "NotIn":
      return label === undefined || !items(values).includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return false;
  }
}

/** A label itself, whatever else an object knows by its name. */
export function ownLabel(labels: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
