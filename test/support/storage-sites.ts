import { catalogue, resolve, smallSite } from "./sites";

/** Sites with storage, in plain data, each as small as its test allows. */

const size = { cpus: 8, memoryGiB: 32, diskGiB: 100 };

/** A disk by a stable name. */
export const disk = (name: string, more: object = {}) => ({
  path: `/dev/disk/by-id/nvme-${name}`,
  sizeGiB: 100,
  ...more,
});

/** A site with Ceph on three storage hosts of one disk each. Free to be changed. */
export function cephSite(ceph: object = {}) {
  const site = smallSite();
  for (const at of [1, 2, 3]) {
    site.hosts.push({
      name: `storage-${at}`,
      address: `192.0.2.4${at}`,
      roles: ["storage"],
      ...size,
    });
  }
  site.storage = {
    kind: "ceph",
    ceph: {
      devices: { "storage-1": [disk("a")], "storage-2": [disk("b")], "storage-3": [disk("c")] },
      ...ceph,
    },
  };
  return site;
}

export function nfsSite(nfs: object = {}) {
  const site = smallSite();
  site.storage = { kind: "nfs", nfs: { server: "192.0.2.9", path: "/srv/site", ...nfs } };
  return site;
}

/** A site with one worker, whose own disk holds the volumes. */
export function localSite(local?: object) {
  const site = smallSite();
  site.hosts.splice(2, 1);
  site.workloads = { web: { replicas: 1 } };
  site.capacity = { spareNodes: 0 };
  site.storage = { kind: "local", ...(local && { local }) };
  return site;
}

const known = new Map<string, ReturnType<typeof resolve>>();

/** Reads a site, each once. */
export function resolved(site: object): ReturnType<typeof resolve> {
  const key = JSON.stringify(site);
  const found = known.get(key) ?? resolve(site);
  known.set(key, found);
  return found;
}

/** What the blueprint says of a site's storage. */
export function storageOf(site: object) {
  const { storage } = resolved(site).blueprint.platform;
  if (storage === undefined) throw new Error("the site has no storage");
  return storage;
}

/** What it says of Ceph. */
export function cephOf(site: object) {
  const { ceph } = storageOf(site);
  if (ceph === undefined) throw new Error("the site has no Ceph");
  return ceph;
}

/** Rook's version in the catalogue. */
export const rook = catalogue.platform.charts["rook-ceph"]?.version ?? "";
