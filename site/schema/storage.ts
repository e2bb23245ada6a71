import { z } from "zod";
import { addressOrDomainField, list, nameField, resourcesField, text, whole } from "./fields";

/** Where Pods keep data: the object under `storage`. */

const deviceNeeded =
  "a disk by its stable name, such as /dev/disk/by-id/nvme-SAMSUNG_MZ1_S64ANX; ls -l /dev/disk/by-id lists them (sdb and the like change at a restart)";

/** Names that stay with the disk; never /dev/sdX, which another disk may have tomorrow. */
const deviceField = text(
  /^\/dev\/disk\/by-(id|path)\/[A-Za-z0-9][A-Za-z0-9_.:+-]{0,200}$/,
  deviceNeeded,
);

const flag = z.boolean({ error: "true or false" });

const folderNeeded = "an absolute folder such as /srv/volumes, without . or ..";
const folderField = text(/^(\/[A-Za-z0-9_.-]+)+$/, folderNeeded).refine(
  (folder) => !folder.split("/").some((part) => part === ".." || part === "."),
  { error: folderNeeded },
);

const reclaimField = z
  .enum(["Delete", "Retain"], { error: "Delete or Retain" })
  .default("Delete")
  .describe(
    "What becomes of a volume whose claim is deleted: `Delete` removes its data, `Retain` keeps it until somebody removes it by hand.",
  );

const className = (name: string) =>
  nameField.default(name).describe("Name of the storage class, by which claims ask for it.");

const deviceSchema = z.strictObject({
  path: deviceField.describe(
    "The disk by its stable name below /dev/disk. It must be empty: no partition, no file system, no mount.",
  ),
  sizeGiB: whole(10, 1_048_576, "GiB").describe("Size in GiB; the disk must have at least that."),
  class: z
    .enum(["hdd", "ssd", "nvme"], { error: "hdd, ssd or nvme" })
    .optional()
    .describe("Kind of disk. Default: what the disk says of itself."),
  metadataPath: deviceField
    .optional()
    .describe(
      "A faster disk for this disk's metadata, by its stable name; several disks of a host may share one.",
    ),
});

const monitorsNeeded = "an odd number of monitors from 1 to 9: an even one bears no more failures";

const ceph = z.strictObject({
  devices: z
    .record(nameField, list(deviceSchema, 100, "disks").min(1, { error: "at least one disk" }), {
      error: "an object of host name and list of disks",
    })
    .describe(
      "Disks that Ceph takes whole, by host. Every named host has the role `storage`; all data on these disks is Ceph's from then on.",
    ),
  replicas: whole(2, 5, "copies")
    .default(3)
    .describe(
      "Copies of everything, each on another host, or in another zone where storage hosts stand in that many.",
    ),
  monitors: whole(1, 9, "monitors")
    .refine((count) => count % 2 === 1, { error: monitorsNeeded })
    .default(3)
    .describe("Monitors, each on a storage host of its own; an odd number."),
  block: z
    .strictObject({ class: className("ceph-block") })
    .prefault({})
    .describe("Volumes that one Pod at a time mounts."),
  filesystem: z
    .strictObject({
      enabled: flag.default(true).describe("Whether the site has it."),
      class: className("ceph-filesystem"),
    })
    .prefault({})
    .describe("Volumes that many Pods mount at once."),
  object: z
    .strictObject({
      enabled: flag.default(false).describe("Whether the site has it."),
      class: className("ceph-bucket"),
      gateways: whole(1, 20, "gateways").default(2).describe("Pods that answer S3 requests."),
    })
    .prefault({})
    .describe(
      "Buckets by the S3 protocol; claimed with ObjectBucketClaim, never by a volume claim.",
    ),
  defaultClass: z
    .enum(["block", "filesystem", "none"], { error: "block, filesystem or none" })
    .default("block")
    .describe("Which class claims get that name none."),
  reclaim: reclaimField,
  snapshots: flag
    .default(true)
    .describe("Whether volumes can be snapshotted: snapshot classes and the controller they need."),
  dashboard: flag
    .default(true)
    .describe("Ceph's own dashboard, without TLS: for an ingress or mesh to put in front."),
  resources: z
    .strictObject({
      mon: resourcesField
        .optional()
        .describe("Each monitor. Default: 1 core and 1 GiB, up to 2 and 2."),
      mgr: resourcesField
        .optional()
        .describe("Each of two managers. Default: 0.5 cores and 512 MiB, up to 2 and 1 GiB."),
      osd: resourcesField
        .optional()
        .describe(
          "The daemon of each disk. Default: 1 core and 4 GiB, up to 4 cores. Memory is also its cache; less than 2 GiB does not work.",
        ),
      mds: resourcesField
        .optional()
        .describe(
          "Each of two metadata servers of the file system. Default: 1 core and 4 GiB, up to 2 cores.",
        ),
      rgw: resourcesField
        .optional()
        .describe("Each S3 gateway. Default: 0.5 cores and 1 GiB, up to 2 and 2."),
    })
    .prefault({})
    .describe("Requests and limits of Ceph's daemons."),
  upgradedFrom: text(/^v1\.[0-9]{1,3}\.[0-9]{1,3}$/, "a Rook version such as v1.19.10")
    .optional()
    .describe(
      "Rook version that runs at the site before this deployment. Stated, an upgrade that Rook does not support is refused before the window; either way it is looked up and refused at the site.",
    ),
  eraseOnDelete: nameField
    .optional()
    .describe(
      "The site's own name, as the first of two words that allow all data to be erased: the second is SITEWRIGHT_DESTROY=<site> in the environment of a run. With both, nothing is protected any more, and deleting the cluster wipes its disks.",
    ),
});

const nfs = z.strictObject({
  server: addressOrDomainField.describe("The NFS server."),
  path: folderField.describe("Folder that it exports; volumes become folders in it."),
  class: className("nfs"),
  default: flag.default(true).describe("Whether claims get this class that name none."),
  archiveOnDelete: flag
    .default(true)
    .describe("Whether a deleted volume's folder is renamed to archived-… instead of removed."),
  reclaim: reclaimField,
});

const local = z.strictObject({
  path: folderField
    .default("/var/lib/local-volumes")
    .describe("Folder of every worker that holds the volumes."),
  class: className("local"),
  default: flag.default(true).describe("Whether claims get this class that name none."),
  reclaim: reclaimField,
  dataStaysOnItsNode: flag
    .default(false)
    .describe(
      "Acknowledges, where there are several workers, that a Pod with a volume never leaves its node and that the data is lost with that node.",
    ),
});

export const storageSchema = z.strictObject({
  kind: z
    .enum(["ceph", "nfs", "local"], { error: "ceph, nfs or local" })
    .describe(
      "What holds the data. `ceph`: the site's own storage hosts, data kept several times. `nfs`: the customer's NFS server. `local`: a folder of each worker, for sites with one.",
    ),
  ceph: ceph.optional().describe("Settings of kind `ceph`."),
  nfs: nfs.optional().describe("Settings of kind `nfs`."),
  local: local.optional().describe("Settings of kind `local`. Default: those of its keys."),
});

export type StorageSettings = z.output<typeof storageSchema>;
export type CephSettings = z.output<typeof ceph>;
export type CephDevice = z.output<typeof deviceSchema>;
export type NfsSettings = z.output<typeof nfs>;
export type LocalSettings = z.output<typeof local>;

/** Settings of kind `local` where the site states none. */
export const defaultLocal: LocalSettings = local.parse({});
