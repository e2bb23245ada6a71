import { show } from "../../site/problems";
import type { Inventory, ObjectSubject } from "./inventory";
import { fields, namespaceOf } from "./objects";
import { shareOfPods } from "./share-of-pods";
import type { Unknowns } from "./unknowns";

/** A PodDisruptionBudget. */
export interface Budget {
  readonly subject: ObjectSubject;
  readonly namespace: string;
  readonly selector: unknown;
  /** Path of what it allows. */
  readonly path: string;
  /** What it allows, for messages: `maxUnavailable 1`. */
  readonly value: string;
  /** Pods of so many that may be down by it; undefined where that cannot be read. */
  readonly allowed: (total: number) => number | undefined;
}

/** Every budget that can be read before the update; `isComplete` where these are all. */
export function budgetsOf(inventory: Inventory, unknowns: Unknowns) {
  const all = inventory.of("policy/PodDisruptionBudget");
  const budgets = all.flatMap((subject) => unknowns.without(() => [budget(subject)]));
  return { budgets, isComplete: budgets.length === all.length };
}

function budget(subject: ObjectSubject): Budget {
  const { selector, maxUnavailable, minAvailable } = fields(subject.object.spec);
  const common = { subject, namespace: namespaceOf(subject.object), selector: copied(selector) };
  if ((maxUnavailable === undefined) === (minAvailable === undefined)) {
    const value = maxUnavailable === undefined ? "neither" : "both";
    return { ...common, path: "spec", value, allowed: () => undefined };
  }
  if (minAvailable === undefined) {
    return {
      ...common,
      path: "spec.maxUnavailable",
      value: `maxUnavailable ${show(maxUnavailable)}`,
      allowed: (total) => shareOfPods(maxUnavailable, total),
    };
  }
  return {
    ...common,
    path: "spec.minAvailable",
    value: `minAvailable ${show(minAvailable)}`,
    allowed: (total) => {
      const least = shareOfPods(minAvailable, total);
      return least === undefined ? undefined : total - least;
    },
  };
}

/** Read to the end now, where it can still be said of this budget alone that it is not known yet. */
function copied(selector: unknown): unknown {
  return selector === undefined ? undefined : JSON.parse(JSON.stringify(selector));
}
