import type { BlueprintInput } from "../blueprint-input";
import { noPart } from "./parts";
import type { TenancyBlueprint } from "./tenancy-types";

/** Everything decided about the site's tenancy; undefined where the site has none. */
export function tenancyBlueprint({ site }: BlueprintInput): TenancyBlueprint | undefined {
  return site.tenancy === undefined ? undefined : noPart;
}
