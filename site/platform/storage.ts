import type { BlueprintInput } from "../blueprint-input";
import { defaultLocal } from "../schema/storage";
import { cephStorage } from "./storage-ceph";
import { localStorage } from "./storage-local";
import { nfsStorage } from "./storage-nfs";
import { storageRoom } from "./storage-room";
import type { StorageBlueprint } from "./storage-types";

/** Everything decided about the site's storage; undefined where the site has none, or not its settings. */
export function storageBlueprint(input: BlueprintInput): StorageBlueprint | undefined {
  const room = storageRoom(input.site);
  const found = kindOfStorage(input);
  return found && { ...found, ...(room && { room }) };
}

function kindOfStorage(input: BlueprintInput): StorageBlueprint | undefined {
  const { storage } = input.site;
  if (storage === undefined) return undefined;
  switch (storage.kind) {
    case "ceph":
      return storage.ceph && cephStorage(input, storage.ceph);
    case "nfs":
      return storage.nfs && nfsStorage(input, storage.nfs);
    case "local":
      return localStorage(input, storage.local ?? defaultLocal);
  }
}
