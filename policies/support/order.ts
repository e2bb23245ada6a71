import type { Inventory } from "./inventory";
import type { Subject } from "./subject";

/**
 * Tells whether a thing of a stack is made only after one of some others is there: because it says so itself, because
 * something that it waits for does, or because a component that it belongs to does.
 */
export function orderAfter(
  inventory: Inventory,
  first: ReadonlySet<string>,
): (subject: Subject) => boolean {
  const known = new Map<string, boolean>();
  const isAfter = (id: string): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    // Whoever waits for itself waits for nothing else by that.
    known.set(id, false);
    const subject = inventory.byId(id);
    const found = subject !== undefined && waits(subject);
    known.set(id, found);
    return found;
  };
  const waits = ({ dependsOn, parent }: Subject): boolean =>
    dependsOn.some((other) => first.has(other)) ||
    dependsOn.some(isAfter) ||
    (parent !== undefined && isAfter(parent));
  return ({ id }) => isAfter(id);
}
