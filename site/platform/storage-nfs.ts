import type { BlueprintInput } from "../blueprint-input";
import type { NfsSettings } from "../schema/storage";
import { noPart } from "./parts";
import { storageClasses } from "./storage-classes";
import { podSecurity, programImage, provisionerResources } from "./storage-programs";
import type { StorageBlueprint } from "./storage-types";

const program = "nfs-subdir-external-provisioner";
const namespace = "nfs-provisioner";

/** Volumes as folders of the customer's NFS server. */
export function nfsStorage(input: BlueprintInput, settings: NfsSettings): StorageBlueprint {
  const { server, path, archiveOnDelete, reclaim } = settings;
  return {
    ...noPart,
    kind: "nfs",
    classes: storageClasses({ kind: "nfs", nfs: settings }),
    programs: [program],
    // The provisioner's Pod mounts the server itself, which the restricted level does not allow.
    namespaces: [{ name: namespace, labels: podSecurity("baseline"), holdsData: true }],
    pods: [
      {
        name: program,
        namespace,
        replicas: 1,
        resources: provisionerResources,
        nodeSelector: {},
        tolerates: [],
      },
    ],
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
