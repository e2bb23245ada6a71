/**
 * A budget by which a drain takes one of several Pods at a time. Not for a single Pod, whose node would never be drained.
 */
export function drainBudget(
  metadata: { readonly name: string; readonly namespace: string },
  matchLabels: Readonly<Record<string, string>>,
) {
  return { metadata, spec: { maxUnavailable: 1, selector: { matchLabels } } };
}
