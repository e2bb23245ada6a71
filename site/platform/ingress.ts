import type { BlueprintInput } from "../blueprint-input";
import type { IngressBlueprint } from "./ingress-types";
import { noPart } from "./parts";

/** Everything decided about the site's ingress; undefined where the site has none. */
export function ingressBlueprint({ site }: BlueprintInput): IngressBlueprint | undefined {
  return site.ingress === undefined ? undefined : noPart;
}
