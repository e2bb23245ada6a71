import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { type Budget, budgetsOf } from "./support/budgets";
import { type CoveredPods, coveredPods, podsOfAnyKind } from "./support/covered-pods";
import type { Inventory } from "./support/inventory";
import { selects } from "./support/label-selector";
import { fields, namespaceOf } from "./support/objects";
import { productWorkload } from "./support/product-workloads";
import { type FindingAbout, wholeRule } from "./support/rule";
import { Unknowns } from "./support/unknowns";

const settings = z.strictObject({
  majorityFrom: z
    .int({ error: "a number of Pods" })
    .min(2, { error: "2 or more Pods" })
    .default(3)
    .describe("Pods of a StatefulSet from which on a majority has to stay up during a drain."),
});

export const disruptionBudgets = wholeRule({
  name: "disruption-budgets",
  description:
    "Pods that run side by side have one PodDisruptionBudget, which lets a drain go on and never takes all of them down.",
  why: "Without one, a drain of two nodes takes a whole service down; with one that allows nothing, or with two of them, no node is ever drained and an upgrade of the cluster stands still.",
  severity: "medium",
  remedy: "make one PodDisruptionBudget with maxUnavailable 1 that selects these Pods",
  settings,
  *judgeAll(inventory, { blueprint, settings: { majorityFrom } }) {
    const unknowns = new Unknowns();
    const covered = coveredPods(inventory, unknowns);
    const { budgets, isComplete } = budgetsOf(inventory, unknowns);
    const isAllKnown = covered.isComplete && areRendered(inventory);
    for (const one of budgets) {
      const { subject, namespace, selector } = one;
      const own = covered.pods.filter(
        (pods) => pods.namespace === namespace && selects(selector, pods.labels),
      );
      if (own.length > 0) yield* blocksOrAllows(one, own, majorityFrom, blueprint);
      else if (isAllKnown && !selectsAny(inventory, one)) {
        yield {
          about: subject,
          path: "spec.selector",
          needed: `to select Pods of namespace ${namespace}`,
          given: "labels that none of them has",
        };
      }
    }
    for (const pods of covered.pods.filter(({ replicas }) => replicas > 1)) {
      const own = budgets.filter(
        ({ namespace, selector }) => namespace === pods.namespace && selects(selector, pods.labels),
      );
      if (own.length === 1 || (own.length === 0 && !isComplete)) continue;
      const names = own.map(({ subject }) => subject.object.metadata?.name).join(", ");
      yield {
        about: pods.subject,
        path: "",
        needed: `one PodDisruptionBudget for its ${pods.replicas} Pods`,
        given: own.length === 0 ? "none" : `${names}, with which none of them is ever evicted`,
        ...(own.length > 0 && { next: "leave one of them, or give them selectors of their own" }),
      };
    }
    unknowns.tell();
  },
});

function* blocksOrAllows(
  { subject, path, value, allowed }: Budget,
  covered: readonly CoveredPods[],
  majorityFrom: number,
  blueprint: Blueprint,
): Iterable<FindingAbout> {
  const total = covered.reduce((sum, { replicas }) => sum + replicas, 0);
  if (total === 0) return;
  const down = allowed(total);
  if (down === undefined) {
    const needed = "maxUnavailable or minAvailable, one of them, as a number or a share";
    yield { about: subject, path: "spec", needed, given: value };
    return;
  }
  const given = `${value} of ${total}`;
  if (down < 1) {
    const needed = "to let one Pod go, or no node that it runs on is ever drained";
    // A single Pod has to go down for a drain: a budget can only be in the way.
    const next =
      total === 1 ? "leave the budget out, or run a second Pod" : "state maxUnavailable: 1";
    yield { about: subject, path, needed, given, next };
    return;
  }
  for (const { replicas, stateful, subject: pods } of covered) {
    const stay = stateful && replicas >= majorityFrom ? Math.floor(replicas / 2) + 1 : 1;
    if (replicas < 2 || replicas - down >= stay) continue;
    // Where the release states that so many may go, it does so with its reason.
    const stated = productWorkload(pods.object, blueprint)?.maxUnavailable ?? 1;
    if (stated > 1 && fields(subject.object.spec).maxUnavailable === stated) continue;
    const needed = `to keep ${stay} of ${replicas} Pods of ${pods.title}`;
    yield { about: subject, path, needed, given, next: "state maxUnavailable: 1" };
    return;
  }
}

/** Whether every chart has come to its objects: one whose values wait for the update has not. */
function areRendered({ subjects }: Inventory): boolean {
  const charts = subjects.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");
  const parents = new Set(charts.length === 0 ? [] : subjects.map(({ parent }) => parent));
  return charts.every(({ id }) => parents.has(id));
}

/** Whether a budget is one over Pods of another kind, such as one for each node. */
function selectsAny(inventory: Inventory, { namespace, selector }: Budget): boolean {
  return podsOfAnyKind(inventory).some(
    ({ subject, labels }) => namespaceOf(subject.object) === namespace && selects(selector, labels),
  );
}
