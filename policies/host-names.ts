import { inTurn } from "./support/in-turn";
import type { ObjectSubject } from "./support/inventory";
import { namespaceOf } from "./support/objects";
import { claimPlace, meet, type RouteClaim } from "./support/route-claim";
import { routeClaims, routeKinds, siteClaims } from "./support/route-claims";
import { type FindingAbout, type RuleContext, wholeRule } from "./support/rule";
import { Unknowns } from "./support/unknowns";

interface Claimed extends RouteClaim {
  readonly about: ObjectSubject;
}

export const hostNames = wholeRule({
  name: "host-names",
  description: "No two routes claim the same host name and path of those who serve them.",
  why: "Which of the two gets a request is chance, and may change with every restart: some clients see another's pages.",
  severity: "high",
  remedy: "give one of the two another host name or path, or remove it",
  *judgeAll(inventory, context) {
    const unknowns = new Unknowns();
    const routes = inTurn(inventory.of(...routeKinds));
    const taken = new Map<string, Claimed[]>();
    for (const about of routes) {
      const claims = unknowns.without(() => routeClaims(about.object, context.blueprint));
      yield* faults(about, claims, taken, context);
      for (const claim of claims) {
        const place = claimPlace(claim);
        const others = taken.get(place);
        if (others === undefined) taken.set(place, [{ ...claim, about }]);
        else others.push({ ...claim, about });
      }
    }
    unknowns.tell();
  },
});

/** Claims of one object that are another's already; each place of the object is told once. */
function* faults(
  about: ObjectSubject,
  claims: readonly RouteClaim[],
  taken: ReadonlyMap<string, readonly Claimed[]>,
  { blueprint }: RuleContext,
): Iterable<FindingAbout> {
  const told = new Set<string>();
  for (const claim of claims) {
    if (told.has(claim.path)) continue;
    const place = claimPlace(claim);
    const other = taken.get(place)?.find((one) => meet(one, claim));
    // In its own namespace the very object may have any name.
    const meant = siteClaims(blueprint)
      .get(place)
      ?.find((one) => one.namespace !== namespaceOf(about.object) && meet(one, claim));
    if (other === undefined && meant === undefined) continue;
    told.add(claim.path);
    const whose = other === undefined ? `${meant?.namespace}/${meant?.path}` : other.about.title;
    const theirs = other ?? meant;
    const given = `${claim.host}${claim.at}, which is ${whose}'s${differing(claim, theirs)} by ${claim.way}`;
    const needed = "a host name and path that no other route claims";
    yield { about, path: claim.path, needed, given, ...nextOf(claim) };
  }
}

function differing({ at }: RouteClaim, other: RouteClaim | undefined): string {
  return other === undefined || other.at === at ? "" : ` with ${other.at || "all paths"}`;
}

function nextOf({ unordered }: RouteClaim): Pick<FindingAbout, "next"> {
  return unordered === true
    ? { next: "give one of the two another host name, or paths of which neither begins the other" }
    : {};
}
