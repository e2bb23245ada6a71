import type { Site } from "../schema/site";
import { storageClasses } from "./storage-classes";
import type { StorageRoom } from "./storage-types";

/** Above that Ceph warns, and a disk that is lost can no longer be made up for by the others. */
const usablePart = 0.8;

/** What the site's storage can hold; undefined where only its owner knows, as of an NFS server. */
export function storageRoom({
  storage,
  hosts,
}: Pick<Site, "storage" | "hosts">): StorageRoom | undefined {
  if (storage === undefined || storage.kind === "nfs") return undefined;
  const classes = storageClasses(storage)
    .filter(({ serves }) => serves === "volumes")
    .map(({ name }) => name);
  if (storage.kind === "local") {
    const disks = hosts.filter(({ roles }) => roles.includes("worker"));
    const rawGiB = disks.reduce((sum, { diskGiB }) => sum + diskGiB, 0);
    const largestDiskGiB = Math.max(0, ...disks.map(({ diskGiB }) => diskGiB));
    return {
      classes,
      usableGiB: Math.floor(rawGiB * usablePart),
      largestGiB: Math.floor(largestDiskGiB * usablePart),
      because: `four fifths of the ${rawGiB} GiB of the workers`,
      key: "local",
    };
  }
  if (storage.ceph === undefined) return undefined;
  const { devices, replicas } = storage.ceph;
  const rawGiB = Object.values(devices)
    .flat()
    .reduce((sum, { sizeGiB }) => sum + sizeGiB, 0);
  const usableGiB = Math.floor((rawGiB / replicas) * usablePart);
  return {
    classes,
    usableGiB,
    largestGiB: usableGiB,
    because: `four fifths of ${rawGiB} GiB of disks, kept ${replicas} times`,
    key: "ceph",
  };
}
