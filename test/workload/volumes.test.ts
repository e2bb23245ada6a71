import assert from "node:assert/strict";
import { releaseBlueprint, smallRelease } from "../support/releases";
import { smallSite } from "../support/sites";

const cephSite = (defaultClass: string) => {
  const site = smallSite();
  const size = { cpus: 8, memoryGiB: 32, diskGiB: 100 };
  const names = ["storage-1", "storage-2", "storage-3"];
  site.hosts.push(
    ...names.map((name, at) => ({ name, address: `192.0.2.4${at}`, roles: ["storage"], ...size })),
  );
  const devices = Object.fromEntries(
    names.map((name) => [name, [{ path: `/dev/disk/by-id/nvme-${name}`, sizeGiB: 100 }]]),
  );
  return { ...site, workloads: {}, storage: { kind: "ceph", ceph: { devices, defaultClass } } };
};

/** Class of a volume that several workloads mount and that states none, at a site. */
function classAt(site: object): string | undefined {
  const release = { ...smallRelease(), volumes: { photos: { namespace: "parcels", sizeGiB: 1 } } };
  return releaseBlueprint(release, site).sharedVolumes[0]?.storageClass;
}

describe("A volume that several workloads mount, of no stated class,", () => {
  it("is of the first class that Pods of several nodes mount at once", () => {
    assert.equal(classAt(cephSite("block")), "ceph-filesystem");
  });

  it("is left to the default class where that will do", () => {
    assert.equal(classAt(cephSite("filesystem")), undefined);
    const nfs = { kind: "nfs", nfs: { server: "files.example", path: "/export" } };
    assert.equal(classAt({ ...smallSite(), workloads: {}, storage: nfs }), undefined);
  });
});
