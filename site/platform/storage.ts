import type { BlueprintInput } from "../blueprint-input";
import { noPart } from "./parts";
import type { StorageBlueprint } from "./storage-types";

/** Everything decided about the site's storage; undefined where the site has none. */
export function storageBlueprint({ site }: BlueprintInput): StorageBlueprint | undefined {
  return site.storage === undefined ? undefined : noPart;
}
