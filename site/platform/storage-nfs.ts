import type { BlueprintInput } from "../blueprint-input";
import type { NfsSettings } from "../schema/storage";
import { storageClasses } from "./storage-classes";
import { programImage, provisionerPart, provisionerResources } from "./storage-programs";
import type { StorageBlueprint } from "./storage-types";

const program = "nfs-subdir-external-provisioner";
const namespace = "nfs-provisioner";

/** Volumes as folders of the customer's NFS server. */
export function nfsStorage(input: BlueprintInput, settings: NfsSettings): StorageBlueprint {
  const { server, path, archiveOnDelete, reclaim } = settings;
  return {
    // The provisioner's Pod mounts the server itself, which the restricted level does not allow.
    ...provisionerPart(program, namespace, "baseline"),
    kind: "nfs",
    classes: storageClasses({ kind: "nfs", nfs: settings }),
    nfs: {
      namespace,
      image: programImage(input, program, program),
      server,
      path,
      class: settings.class,
      default: settings.default,
      archiveOnDelete,
      reclaim,
      resources: provisionerResources,
    },
  };
}
