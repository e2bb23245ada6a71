import type { StorageClassBlueprint } from "../../site/platform/storage-types";

/** Names of the classes that a claim is made of to see whether volumes come: those that give one at once. */
export function hasVolumes(classes: readonly StorageClassBlueprint[]): readonly string[] {
  return classes.filter(({ serves }) => serves === "volumes").map(({ name }) => name);
}
