import assert from "node:assert/strict";
import fc from "fast-check";
import { clusterValues, driversValues, operatorValues } from "../../components/storage/ceph-values";
import { eligibleNodes } from "../../site/capacity";
import { isNode, nodeLabels, nodeTaints } from "../../site/nodes";
import { failureDomain } from "../../site/platform/storage-ceph";
import { cephPods } from "../../site/platform/storage-ceph-pods";
import type { SiteHost } from "../../site/schema/site";
import { sampleSite } from "../support/sites";
import {
  cephOf,
  cephSite,
  disk,
  localSite,
  nfsSite,
  resolved,
  storageOf,
} from "../support/storage-sites";

describe("The blueprint of storage", () => {
  it("has for each kind its classes, one of them the default", () => {
    const classes = (site: object) =>
      storageOf(site).classes.map(({ name, default: isDefault }) => [name, isDefault]);
    assert.deepEqual(classes(cephSite({ object: { enabled: true } })), [
      ["ceph-block", true],
      ["ceph-filesystem", false],
      ["ceph-bucket", false],
    ]);
    assert.deepEqual(classes(cephSite({ filesystem: { enabled: false }, defaultClass: "none" })), [
      ["ceph-block", false],
    ]);
    assert.deepEqual(classes(nfsSite({ class: "shared" })), [["shared", true]]);
    assert.deepEqual(classes(localSite({ default: false })), [["local", false]]);
  });

  it("installs Rook's charts in the order in which they must be upgraded", () => {
    const { charts } = storageOf(cephSite());
    assert.deepEqual(
      charts.map(({ chart, namespace }) => `${namespace}/${chart}`),
      ["rook-ceph/rook-ceph", "rook-ceph/ceph-csi-drivers", "rook-ceph/rook-ceph-cluster"],
    );
  });

  it("brings snapshots with their definitions and their controller, or neither", () => {
    const on = storageOf(cephSite());
    assert.ok(on.crds.includes("external-snapshotter"));
    assert.equal(on.snapshotController?.replicas, 2);
    const off = storageOf(cephSite({ snapshots: false }));
    assert.ok(!off.crds.includes("external-snapshotter"));
    assert.equal(off.snapshotController, undefined);
    assert.deepEqual(off.programs, []);
  });

  it("marks just the namespaces that data would go with", () => {
    const held = (site: object) =>
      storageOf(site)
        .namespaces.filter(({ holdsData }) => holdsData)
        .map(({ name }) => name);
    assert.deepEqual(held(cephSite()), ["rook-ceph"]);
    assert.deepEqual(held(nfsSite()), ["nfs-provisioner"]);
    assert.deepEqual(held(localSite()), ["local-path-storage"]);
  });

  it("says that data may be erased only by the site's own name", () => {
    assert.equal(cephOf(cephSite()).erasable, false);
    assert.equal(cephOf(cephSite({ eraseOnDelete: "site-t" })).erasable, true);
  });

  it("keeps the copies of site-a in racks of their own", () => {
    const { ceph } = sampleSite("site-a").blueprint.platform.storage ?? {};
    assert.equal(ceph?.failureDomain, "zone");
    assert.deepEqual(
      ceph?.hosts.map(({ devices }) => devices.length),
      [2, 2, 2],
    );
  });

  const zoned = (zones: readonly (string | undefined)[]) =>
    zones.map((zone, at) => ({ name: `h${at}`, zone }) as SiteHost);
  const domains: readonly [readonly (string | undefined)[], number, "host" | "zone"][] = [
    [["a", "b", "c"], 3, "zone"],
    [["a", "b", "c"], 4, "host"],
    [["a", "b", "c", "d"], 4, "zone"],
    [["a", "b"], 2, "host"],
    [["a", "b", undefined, "c"], 3, "host"],
    [["a", "a", "a"], 3, "host"],
    [[], 3, "host"],
  ];
  for (const [zones, replicas, wanted] of domains) {
    it(`keeps ${replicas} copies apart by ${wanted} in zones ${zones.join(" ") || "nowhere"}`, () => {
      assert.equal(failureDomain(zoned(zones), replicas), wanted);
    });
  }
});

describe("Preflight of disks", () => {
  const ids = (site: object, host: string) =>
    resolved(site)
      .blueprint.hosts.find(({ name }) => name === host)
      ?.preflight.filter(({ id }) => /device|nfs/.test(id));

  it("looks at each disk of a host, and at those for metadata once", () => {
    const metadataPath = disk("fast").path;
    const devices = {
      "storage-1": [disk("a", { metadataPath }), disk("d", { metadataPath })],
      "storage-2": [disk("b")],
      "storage-3": [disk("c")],
    };
    const checks = ids(cephSite({ devices }), "storage-1") ?? [];
    assert.deepEqual(
      checks.map(({ id, needed }) => [id, needed]),
      [
        ["device-size-1", "100"],
        ["device-empty-1", ""],
        ["device-size-2", "100"],
        ["device-empty-2", ""],
        ["device-size-3", "1"],
        ["device-empty-3", ""],
      ],
    );
    for (const { probe, title } of checks) assert.doesNotMatch(probe + title, /\{device\}|\{size/);
    assert.deepEqual(ids(cephSite({ devices }), "worker-1"), []);
  });

  it("asks whether a disk is empty only before Ceph has taken it", () => {
    for (const { id, freshHostOnly = false } of ids(cephSite(), "storage-1") ?? []) {
      assert.equal(freshHostOnly, id.startsWith("device-empty"), id);
    }
  });

  it("asks nodes for the NFS server, and the registry host not", () => {
    const of = (host: string) => ids(nfsSite(), host)?.map(({ id }) => id);
    assert.deepEqual(of("worker-1"), ["nfs-server", "nfs-client"]);
    assert.deepEqual(of("registry-1"), []);
  });
});

describe("Values of Rook's charts", () => {
  it("take no disk that the site does not name", () => {
    const { storage } = clusterValues(cephOf(cephSite()), false).cephClusterSpec;
    assert.equal(storage.useAllNodes, false);
    assert.equal(storage.useAllDevices, false);
    assert.deepEqual(storage.nodes[0], {
      name: "storage-1",
      devices: [{ name: "/dev/disk/by-id/nvme-a" }],
    });
  });

  it("tell a disk's class and where its metadata goes", () => {
    const metadataPath = disk("fast").path;
    const site = cephSite();
    site.storage.ceph.devices["storage-1"] = [disk("a", { class: "hdd", metadataPath })];
    const { storage } = clusterValues(cephOf(site), false).cephClusterSpec;
    assert.deepEqual(storage.nodes[0]?.devices[0]?.config, {
      deviceClass: "hdd",
      metadataDevice: metadataPath,
    });
  });

  it("never confirm the erasure of data by themselves, and keep pools when their objects go", () => {
    const values = clusterValues(cephOf(cephSite({ object: { enabled: true } })), false);
    assert.ok(!("cleanupPolicy" in values.cephClusterSpec));
    assert.equal(values.cephFileSystems[0]?.spec.preserveFilesystemOnDelete, true);
    assert.equal(values.cephObjectStores[0]?.spec.preservePoolsOnDelete, true);
  });

  it("confirm it once both words were said", () => {
    const values = clusterValues(cephOf(cephSite({ object: { enabled: true } })), true);
    assert.equal(values.cephClusterSpec.cleanupPolicy?.confirmation, "yes-really-destroy-data");
    assert.equal(values.cephFileSystems[0]?.spec.preserveFilesystemOnDelete, false);
  });

  it("leave the job that prepares disks without limits, and everything else with both", () => {
    const { resources } = clusterValues(cephOf(cephSite()), false).cephClusterSpec;
    assert.ok(!("prepareosd" in resources));
    for (const [name, { requests, limits }] of Object.entries(resources)) {
      assert.ok(requests.cpu && requests.memory && limits.cpu && limits.memory, name);
    }
  });

  it("set at each driver what its defaults would not reach", () => {
    const { drivers } = driversValues(cephOf(cephSite()));
    for (const driver of [drivers.rbd, drivers.cephfs]) {
      assert.equal(driver.controllerPlugin.replicas, 2);
      assert.equal(driver.snapshotPolicy, "volumeSnapshot");
      assert.deepEqual(driver.nodePlugin.tolerations, [{ operator: "Exists" }]);
      assert.ok(driver.controllerPlugin.tolerations.length > 0);
      assert.deepEqual(Object.keys(driver.nodePlugin.resources).sort(), [
        ...["addons", "liveness", "logRotator", "plugin", "registrar"],
      ]);
    }
    assert.deepEqual([drivers.nfs.enabled, drivers.nvmeof.enabled], [false, false]);
    assert.equal(operatorValues(cephOf(cephSite())).crds.enabled, false);
  });

  it("switch the file system's driver off with the file system, and snapshots with snapshots", () => {
    const ceph = cephOf(cephSite({ filesystem: { enabled: false }, snapshots: false }));
    assert.equal(driversValues(ceph).drivers.cephfs.enabled, false);
    assert.equal(driversValues(ceph).drivers.rbd.snapshotPolicy, "none");
    const values = clusterValues(ceph, false);
    assert.deepEqual(values.cephFileSystems, []);
    assert.equal(values.cephBlockPoolsVolumeSnapshotClass.enabled, false);
    assert.equal(values.cephFileSystemVolumeSnapshotClass.enabled, false);
  });

  it("have dashboard and figures as the blueprint says", () => {
    const ceph = { ...cephOf(cephSite()), monitoring: true };
    const values = clusterValues(ceph, false);
    assert.deepEqual(values.cephClusterSpec.dashboard, { enabled: true, ssl: false });
    assert.deepEqual(values.monitoring, { enabled: true, createPrometheusRules: true });
    assert.equal(operatorValues(ceph).monitoring.enabled, true);
    assert.equal(clusterValues(cephOf(cephSite()), false).monitoring.enabled, false);
  });
});

describe("Ceph's Pods, whatever the hosts", () => {
  const role = fc.subarray(["control-plane", "worker", "storage", "edge"] as const, {
    minLength: 1,
  });
  const [base] = resolved(cephSite()).site.hosts;
  const ceph = cephOf(cephSite());
  const host = (roles: SiteHost["roles"], at: number): SiteHost => ({
    ...(base as SiteHost),
    name: `host-${at}`,
    roles,
  });

  it("go to storage hosts only, and bear every taint of theirs", () => {
    fc.assert(
      fc.property(fc.array(role, { minLength: 3, maxLength: 12 }), fc.nat(2), (roles, spare) => {
        const hosts = roles.map((each, at) => host([...each], at));
        const members = hosts.filter(({ roles: own }) => own.includes("storage"));
        const tolerates = [...new Set(members.flatMap(nodeTaints).map(({ key }) => key))];
        const placed = { ...ceph, placement: { ...ceph.placement, tolerates } };
        const nodes = hosts.filter(isNode).map((each) => ({
          ...each,
          node: true,
          labels: nodeLabels(each),
          taints: nodeTaints(each),
        }));
        for (const pod of cephPods(placed, hosts, spare)) {
          const { name, nodeSelector, tolerates: borne } = pod;
          assert.ok(pod.replicas >= 0, name);
          if (name.startsWith("csi-nodeplugin")) continue;
          const found = eligibleNodes(nodes, nodeSelector, borne).map((node) => node.name);
          assert.deepEqual(
            found,
            members.map((member) => member.name),
            name,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("count the daemons of disks that are left when hosts are lost", () => {
    const site = cephSite();
    site.storage.ceph.devices["storage-1"].push(disk("d"), disk("e"));
    const { hosts } = resolved(site).site;
    const osds = (lost: number) =>
      cephPods(cephOf(site), hosts, lost).find(({ name }) => name === "rook-ceph-osd")?.replicas;
    assert.deepEqual([osds(0), osds(1), osds(2), osds(3)], [5, 2, 1, 0]);
  });
});
