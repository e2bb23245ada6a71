import type { BlueprintInput } from "../blueprint-input";
import type { LocalSettings } from "../schema/storage";
import { storageClasses } from "./storage-classes";
import { programImage, provisionerPart, provisionerResources } from "./storage-programs";
import type { StorageBlueprint } from "./storage-types";

const program = "local-path-provisioner";
const namespace = "local-path-storage";

/** Volumes as folders of the worker that a Pod runs on. */
export function localStorage(input: BlueprintInput, settings: LocalSettings): StorageBlueprint {
  return {
    // Helper Pods make and remove folders of the node.
    ...provisionerPart(program, namespace, "privileged"),
    kind: "local",
    classes: storageClasses({ kind: "local", local: settings }),
    local: {
      namespace,
      image: programImage(input, program, program),
      helperImage: programImage(input, program, "busybox"),
      path: settings.path,
      class: settings.class,
      default: settings.default,
      reclaim: settings.reclaim,
      resources: provisionerResources,
    },
  };
}
