import type { BlueprintInput } from "../blueprint-input";
import type { MeshBlueprint } from "./mesh-types";
import { noPart } from "./parts";

/** Everything decided about the site's mesh; undefined where the site has none. */
export function meshBlueprint({ site }: BlueprintInput): MeshBlueprint | undefined {
  return site.mesh === undefined ? undefined : noPart;
}
