import assert from "node:assert/strict";
import { type CephObjects, cephState } from "../../cli/step/storage/ceph-state";

const image = "r.local/ceph/ceph:v20.2.4";
const wanted = {
  image,
  disks: { "storage-1": 2, "storage-2": 1 },
  drivers: ["x.rbd.csi.ceph.com"],
};

const osd = (host: string, available = 1) => ({
  spec: {
    replicas: 1,
    template: { spec: { nodeSelector: { "kubernetes.io/hostname": host } } },
  },
  status: { availableReplicas: available },
});

function objects(): CephObjects & { readonly status: Record<string, unknown> } {
  const status: Record<string, unknown> = {
    phase: "Ready",
    ceph: { health: "HEALTH_OK" },
    version: { image, version: "20.2.4-0" },
  };
  return {
    status,
    cluster: { status },
    osds: [osd("storage-1"), osd("storage-1"), osd("storage-2")],
    deployments: [
      {
        metadata: { name: "x.rbd.csi.ceph.com-ctrlplugin" },
        spec: { replicas: 2 },
        status: { availableReplicas: 2 },
      },
    ],
    daemonSets: [
      {
        metadata: { name: "x.rbd.csi.ceph.com-nodeplugin" },
        status: { desiredNumberScheduled: 5, numberReady: 5 },
      },
    ],
  };
}

describe("The look whether Ceph is ready", () => {
  it("is content with everything, and with a Ceph that only warns", () => {
    assert.deepEqual(cephState(wanted, objects()).missing, []);
    const warned = objects();
    warned.status.ceph = {
      health: "HEALTH_WARN",
      details: { MON_CLOCK_SKEW: { message: "clock skew", severity: "HEALTH_WARN" } },
    };
    const state = cephState(wanted, warned);
    assert.deepEqual(state.missing, []);
    assert.deepEqual(state.warnings, ["MON_CLOCK_SKEW clock skew"]);
  });

  const table: readonly [string, (objects: CephObjects) => CephObjects, RegExp][] = [
    ["no cluster", (all) => ({ ...all, cluster: undefined }), /^there is no CephCluster$/],
    [
      "a cluster that failed, in its words",
      (all) => ({
        ...all,
        cluster: { status: { ...all.cluster?.status, phase: "Failure", message: "no mons" } },
      }),
      /^its phase is Failure \(no mons\)$/,
    ],
    [
      "ill health, in its words",
      (all) => ({
        ...all,
        cluster: {
          status: {
            ...all.cluster?.status,
            ceph: { health: "HEALTH_ERR", details: { OSD_FULL: { message: "1 full osd(s)" } } },
          },
        },
      }),
      /^its health is HEALTH_ERR \(OSD_FULL 1 full osd\(s\)\)$/,
    ],
    [
      "the version before",
      (all) => ({
        ...all,
        cluster: { status: { ...all.cluster?.status, version: { image: "r/ceph:v19.2.3" } } },
      }),
      /^it runs r\/ceph:v19.2.3, not r.local\/ceph\/ceph:v20.2.4$/,
    ],
    [
      "a disk that was left alone",
      (all) => ({ ...all, osds: all.osds.slice(1) }),
      /^storage-1 has daemons for 1 of 2 disks: a disk that is not empty is left alone$/,
    ],
    [
      "a daemon that does not run",
      (all) => ({ ...all, osds: [osd("storage-1"), osd("storage-1"), osd("storage-2", 0)] }),
      /^storage-2 has daemons for 0 of 1 disks/,
    ],
    [
      "a driver without service accounts",
      (all) => ({
        ...all,
        deployments: all.deployments.map((each) => ({ ...each, status: {} })),
      }),
      /^x.rbd.csi.ceph.com-ctrlplugin has 0 of 2 Pods$/,
    ],
    [
      "a driver that nobody started",
      (all) => ({ ...all, daemonSets: [] }),
      /^there is no x.rbd.csi.ceph.com-nodeplugin$/,
    ],
  ];
  for (const [title, change, expected] of table) {
    it(`tells of ${title}`, () => {
      const { missing } = cephState(wanted, change(objects()));
      assert.ok(
        missing.some((line) => expected.test(line)),
        missing.join("\n"),
      );
    });
  }
});
