import { show } from "../site/problems";
import type { Inventory, ObjectSubject } from "./support/inventory";
import { isMadeByTeam, knownNamespaces } from "./support/namespaces";
import { fields, items, namespaceOf } from "./support/objects";
import { quantity } from "./support/quantity";
import { type FindingAbout, wholeRule } from "./support/rule";

/** Amounts that an object states, and where. */
interface Amounts {
  readonly about: ObjectSubject;
  readonly path: string;
  readonly amounts: Readonly<Record<string, unknown>>;
}

/** What must be bounded somewhere in a namespace. */
interface Wanted {
  /** Kind of the objects that do so. */
  readonly kind: "ResourceQuota" | "LimitRange";
  /** What is missing where none of them does. */
  readonly title: string;
  readonly amounts: Readonly<Record<string, string>>;
  readonly given: readonly Amounts[];
}

export const namespaceQuotas = wholeRule({
  name: "namespace-quotas",
  description:
    "Every namespace of a tenant has the quota and the bounds of containers that the site states for it.",
  why: "Without them one team's mistake takes the room of all others, and Pods that state no limits run without any.",
  severity: "high",
  remedy:
    "let the deployment make quota and limit range as tenancy states them, and change amounts there",
  *judgeAll(inventory, { blueprint }) {
    const known = knownNamespaces(blueprint);
    for (const namespace of inventory.of("Namespace")) {
      const { name, labels } = fields(namespace.object.metadata);
      if (typeof name !== "string") continue;
      const tenant = known.get(name)?.tenant;
      if (tenant !== undefined) {
        const { quota = {}, containers } = tenant;
        const [quotas, ranges] = [quotasIn(inventory, name), rangesIn(inventory, name)];
        yield* faults(namespace, {
          kind: "ResourceQuota",
          title: "quota",
          amounts: quota,
          given: quotas,
        });
        for (const key of ["defaultRequest", "default", "max"] as const) {
          const given = ranges.map(({ about, path, amounts }) => ({
            about,
            path: `${path}.${key}`,
            amounts: fields(amounts[key]),
          }));
          const amounts = { ...containers[key] };
          yield* faults(namespace, {
            kind: "LimitRange",
            title: `limit range's ${key}`,
            amounts,
            given,
          });
        }
      } else if (isMadeByTeam(blueprint, fields(labels))) {
        yield* missing(namespace, inventory);
      }
    }
  },
});

/** Where amounts differ from what is wanted, or are stated nowhere. */
function* faults(
  namespace: ObjectSubject,
  { kind, title, amounts, given }: Wanted,
): Iterable<FindingAbout> {
  const absent: string[] = [];
  for (const [key, wanted] of Object.entries(amounts)) {
    const stated = given.filter((one) => one.amounts[key] !== undefined);
    if (stated.length === 0) absent.push(`${key} ${wanted}`);
    for (const { about, path, amounts: own } of stated) {
      if (isSame(own[key], wanted)) continue;
      const needed = `${wanted}, as the site states it`;
      yield { about, path: `${path}[${JSON.stringify(key)}]`, needed, given: show(own[key]) };
    }
  }
  if (absent.length === 0) return;
  const needed = `a ${kind} in it with the ${title} that the site states: ${absent.join(", ")}`;
  yield { about: namespace, path: "", needed, given: "none", absent: true };
}

function isSame(given: unknown, wanted: string): boolean {
  return given === wanted || quantity(given) === quantity(wanted);
}

/** A namespace that its team made itself has some bounds, whichever they are. */
function* missing(about: ObjectSubject, inventory: Inventory): Iterable<FindingAbout> {
  const name = about.object.metadata?.name ?? "";
  for (const [kind, there] of [
    ["ResourceQuota", quotasIn(inventory, name)],
    ["LimitRange", rangesIn(inventory, name)],
  ] as const) {
    if (there.some(({ amounts }) => Object.keys(amounts).length > 0)) continue;
    yield { about, path: "", needed: `a ${kind} in it`, given: "none", absent: true };
  }
}

/** What is bounded for a whole namespace; a quota with scopes is for some of its Pods only. */
function quotasIn(inventory: Inventory, namespace: string): readonly Amounts[] {
  return objectsIn(inventory, "ResourceQuota", namespace).flatMap((about) => {
    const { hard, scopes, scopeSelector } = fields(about.object.spec);
    if (items(scopes).length > 0 || scopeSelector !== undefined) return [];
    const { cpu, memory, ...rest } = fields(hard);
    // The short words mean requests.
    const amounts = {
      ...(cpu !== undefined && { "requests.cpu": cpu }),
      ...(memory !== undefined && { "requests.memory": memory }),
      ...rest,
    };
    return [{ about, path: "spec.hard", amounts }];
  });
}

/** Bounds of containers. */
function rangesIn(inventory: Inventory, namespace: string): readonly Amounts[] {
  return objectsIn(inventory, "LimitRange", namespace).flatMap((about) =>
    items(fields(about.object.spec).limits).flatMap((limit, at) => {
      const amounts = fields(limit);
      return amounts.type === "Container" ? [{ about, path: `spec.limits[${at}]`, amounts }] : [];
    }),
  );
}

function objectsIn(inventory: Inventory, kind: string, namespace: string) {
  return inventory.of(kind).filter(({ object }) => namespaceOf(object) === namespace);
}
