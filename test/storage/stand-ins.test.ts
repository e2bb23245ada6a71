import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskName } from "../../rehearsal/hosts/disks";
import {
  type CephClusterSpec,
  clusterFault,
  disksOf,
  readyStatus,
} from "../../rehearsal/operators/ceph-cluster";
import { type DiskFinding, lookAtDisk } from "../../rehearsal/operators/ceph-disks";
import { poolFault } from "../../rehearsal/operators/ceph-pools";
import { deploymentFor, volumeFor } from "../../rehearsal/operators/volumes";

describe("What stands for Rook", () => {
  const nodes = ["storage-1", "storage-2", "storage-3"];
  const sound = (): CephClusterSpec => ({
    cephVersion: { image: "r/ceph/ceph:v20.2.4" },
    mon: { count: 3 },
    storage: {
      useAllNodes: false,
      useAllDevices: false,
      nodes: nodes.map((name) => ({ name, devices: [{ name: `/dev/disk/by-id/${name}` }] })),
    },
  });
  const fault = (spec: CephClusterSpec, finding: DiskFinding = "empty") =>
    clusterFault(spec, nodes, new Map(disksOf(spec).map((disk) => [disk, finding])));

  it("finds nothing wrong with a sound cluster", () => assert.equal(fault(sound()), undefined));

  const table: readonly [string, CephClusterSpec, RegExp][] = [
    ["an even number of monitors", { ...sound(), mon: { count: 2 } }, /mon count must be odd/],
    ["no monitors", { ...sound(), mon: {} }, /mon count must be odd/],
    [
      "every disk of every node",
      { ...sound(), storage: { ...sound().storage, useAllDevices: true } },
      /would take every empty disk/,
    ],
    ["no disk", { ...sound(), storage: { nodes: [] } }, /no device is named/],
    [
      "disks of a node that is none",
      { ...sound(), storage: { nodes: [{ name: "storage-9", devices: [{ name: "/dev/x" }] }] } },
      /node "storage-9" is not found/,
    ],
    [
      "an image without a version",
      { ...sound(), cephVersion: { image: "r/ceph/ceph:latest" } },
      /failed to detect the ceph version/,
    ],
  ];
  for (const [title, spec, expected] of table) {
    it(`fails for ${title}`, () => assert.match(fault(spec) ?? "", expected));
  }

  it("fails for a disk that is not there, and leaves alone one that is not empty", () => {
    assert.match(fault(sound(), "missing") ?? "", /device ".*storage-1" is not found on storage-1/);
    assert.equal(fault(sound(), { holds: "ext4" }), undefined);
  });

  it("warns with fewer disks than copies", () => {
    assert.equal(readyStatus(sound(), 3).ceph.health, "HEALTH_OK");
    assert.equal(readyStatus(sound(), 2).ceph.health, "HEALTH_WARN");
  });

  it("fails pools whose copies have no place", () => {
    const hosts = nodes.map((name) => ({ name, zone: undefined }));
    const pool = (size: number, domain: string) => ({
      failureDomain: domain,
      replicated: { size },
    });
    assert.equal(poolFault(pool(3, "host"), hosts), undefined);
    assert.match(poolFault(pool(4, "host"), hosts) ?? "", /4 copies need 4 hosts/);
    assert.match(poolFault(pool(3, "zone"), hosts) ?? "", /3 zones with disks, and there are 0/);
    assert.match(poolFault({}, hosts) ?? "", /neither replicated/);
  });
});

describe("A simulated disk", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sitewright-disks-"));
    mkdirSync(join(folder, "storage-1"));
    writeFileSync(
      join(folder, "storage-1", "index"),
      "/dev/disk/by-id/a sdb\n/dev/disk/by-id/b sdc\n",
    );
    for (const name of ["sdb", "sdc"]) {
      const file = join(folder, "storage-1", name);
      writeFileSync(file, "");
      truncateSync(file, 64 * 1024 * 1024);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is empty, holds what was put on it, or is missing", () => {
    const look = (path: string) => lookAtDisk("storage-1", path, folder);
    assert.equal(look("/dev/disk/by-id/a"), "empty");
    const made = spawnSync("/usr/sbin/mkfs.ext4", ["-q", join(folder, "storage-1", "sdc")]);
    assert.equal(made.status, 0, String(made.stderr));
    assert.deepEqual(look("/dev/disk/by-id/b"), { holds: "ext4" });
    assert.equal(look("/dev/disk/by-id/c"), "missing");
    assert.equal(lookAtDisk("storage-2", "/dev/disk/by-id/a", folder), "missing");
  });

  it("is called as the kernel would call it", () => {
    assert.deepEqual([0, 1, 24, 25, 50, 51].map(diskName), [
      ...["sdb", "sdc", "sdz", "sdaa", "sdaz", "sdba"],
    ]);
  });
});

describe("What stands for provisioners", () => {
  it("serves only what a program of the site would", () => {
    assert.equal(
      deploymentFor("rook-ceph.rbd.csi.ceph.com"),
      "rook-ceph/rook-ceph.rbd.csi.ceph.com-ctrlplugin",
    );
    assert.equal(
      deploymentFor("rancher.io/local-path"),
      "local-path-storage/local-path-provisioner",
    );
    assert.equal(deploymentFor("rook-ceph.ceph.rook.io/bucket"), undefined);
    assert.equal(deploymentFor("example.com/other"), undefined);
  });

  it("gives a local volume to the node that the scheduler chose", () => {
    const metadata = { name: "data", namespace: "parcels", uid: "1-2" };
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata,
      spec: { resources: { requests: { storage: "1Gi" } } },
    };
    const storageClass = {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "local" },
      provisioner: "rancher.io/local-path",
    };
    const { spec } = volumeFor(claim, storageClass, "worker-1") as {
      spec?: Record<string, unknown>;
    };
    assert.match(JSON.stringify(spec?.nodeAffinity), /"worker-1"/);
    assert.equal(spec?.persistentVolumeReclaimPolicy, "Delete");
    assert.equal(spec?.storageClassName, "local");
  });
});
