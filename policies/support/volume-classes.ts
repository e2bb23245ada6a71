import type { StorageBlueprint, StorageClassBlueprint } from "../../site/platform/storage-types";
import { ofBlueprint } from "./of-blueprint";

/** What claims of a storage class may ask for. */
export interface VolumeClass extends StorageClassBlueprint {
  /** Access modes that its volumes can do as folders. */
  readonly modes: readonly string[];
  /** The same as bare devices; empty for what can be none. */
  readonly deviceModes: readonly string[];
  /** What becomes of a volume whose claim is gone. */
  readonly reclaim: "Delete" | "Retain";
}

/** The storage classes of the site, by name. */
export const volumeClasses = ofBlueprint(
  ({ platform: { storage } }): ReadonlyMap<string, VolumeClass> =>
    new Map(
      storage?.classes.map((one) => {
        const { reclaim = "Delete" } = storage.ceph ?? storage.nfs ?? storage.local ?? {};
        return [one.name, { ...one, ...modesOf(one.name, storage), reclaim }];
      }),
    ),
);

/** The class that claims get which name none; undefined where the site has no such class. */
export const defaultClass = ofBlueprint((blueprint) =>
  [...volumeClasses(blueprint).values()].find((one) => one.default && one.serves === "volumes"),
);

const oneNode = ["ReadWriteOnce", "ReadWriteOncePod"];
const anyNode = ["ReadOnlyMany", "ReadWriteMany"];

function modesOf(
  name: string,
  { ceph, nfs, local }: StorageBlueprint,
): Pick<VolumeClass, "modes" | "deviceModes"> {
  const modes = [...oneNode, ...anyNode];
  // A second node that writes would spoil a file system on a disk.
  if (name === ceph?.block.class) {
    return { modes: [...oneNode, "ReadOnlyMany"], deviceModes: modes };
  }
  if (name === ceph?.filesystem?.class) return { modes, deviceModes: [] };
  // Only drivers of the CSI can keep a volume to one Pod.
  if (name === nfs?.class) return { modes: ["ReadWriteOnce", ...anyNode], deviceModes: [] };
  if (name === local?.class) return { modes: oneNode, deviceModes: [] };
  return { modes: [], deviceModes: [] };
}
