import type { BlueprintInput } from "../blueprint-input";
import type { NightingaleBlueprint } from "./nightingale-types";
import { noPart } from "./parts";

/** Namespace that it keeps for itself. */
const namespace = "nightingale";

/** Everything decided about nightingale; undefined where the site has none. */
export function nightingaleBlueprint({ site }: BlueprintInput): NightingaleBlueprint | undefined {
  if (site.nightingale === undefined) return undefined;
  return { ...noPart, namespaces: [{ name: namespace, labels: {} }], namespace };
}
