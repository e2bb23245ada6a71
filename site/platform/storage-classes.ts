import { defaultLocal, type StorageSettings } from "../schema/storage";
import type { StorageClassBlueprint } from "./storage-types";

/** The storage classes that a site will have. */
export function storageClasses(storage: StorageSettings): readonly StorageClassBlueprint[] {
  const { kind, ceph, nfs, local = defaultLocal } = storage;
  const volumes = (name: string, isDefault: boolean): StorageClassBlueprint => ({
    name,
    serves: "volumes",
    default: isDefault,
  });
  if (kind === "local") return [volumes(local.class, local.default)];
  if (kind === "nfs") return nfs ? [volumes(nfs.class, nfs.default)] : [];
  if (ceph === undefined) return [];
  const { block, filesystem, object, defaultClass } = ceph;
  return [
    volumes(block.class, defaultClass === "block"),
    ...(filesystem.enabled ? [volumes(filesystem.class, defaultClass === "filesystem")] : []),
    ...(object.enabled ? [{ name: object.class, serves: "bucket" as const, default: false }] : []),
  ];
}
