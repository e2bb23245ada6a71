import assert from "node:assert/strict";
import { Platform } from "../../components/platform";
import { Storage } from "../../components/storage/storage";
import { withBundle } from "../support/bundled-site";
import { deploy, type Seen } from "../support/deploy";
import { hostKeys, secrets, stepInputs } from "../support/steps";
import { cephSite, localSite, nfsSite, resolved, rook } from "../support/storage-sites";

function storage(site: object, erase = false) {
  const blueprint = withBundle(resolved(site));
  const { storage } = blueprint.platform;
  assert.ok(storage);
  return deploy(() => new Storage("storage", { blueprint, hostKeys, secrets, storage, erase }));
}

const names = (seen: readonly Seen[]) => seen.map(({ name }) => name).sort();

/** What a program of ours is made of. */
const program = (name: string) => [
  `${name}-account`,
  `${name}-cluster-rights`,
  `${name}-cluster-role`,
  `${name}-pods`,
  `${name}-rights`,
  `${name}-role`,
];

const found = (seen: readonly Seen[], name: string) => {
  const one = seen.find((resource) => resource.name === name);
  assert.ok(one, `no resource ${name}`);
  return one;
};

/** What these cannot show, that charts and steps do their work, a rehearsal shows. */
describe("Storage of kind ceph", () => {
  it("asks for exactly a look before, three charts, a look after and the snapshots' controller", async () => {
    const { seen } = await storage(cephSite());
    assert.deepEqual(
      names(seen),
      [
        "storage",
        "storage-ceph",
        "storage-ceph-cluster",
        "storage-ceph-csi-budget",
        "storage-ceph-drivers",
        "storage-ceph-operator",
        "storage-ceph-ready",
        "storage-ceph-upgrade",
        "storage-snapshots",
        "storage-snapshots-budget",
        ...program("storage-snapshots"),
      ].sort(),
    );
  });

  it("installs the charts of the bundle, without their definitions", async () => {
    const { seen } = await storage(cephSite());
    const charts = ["operator", "drivers", "cluster"].map(
      (noun) => found(seen, `storage-ceph-${noun}`).inputs,
    );
    assert.deepEqual(
      charts.map(({ chart, name, namespace, skipCrds }) => [chart, name, namespace, skipCrds]),
      ["rook-ceph", "ceph-csi-drivers", "rook-ceph-cluster"].map((name) => [
        `./bundles/2026.11/charts/${name}.tgz`,
        name,
        "rook-ceph",
        true,
      ]),
    );
  });

  it("asks before about the versions that are to come, and after about all that is wanted", async () => {
    const { seen } = await storage(cephSite());
    const image = "dockerhub.kubekey.local/ceph/ceph:v20.2.4";
    const before = stepInputs(seen, "storage-ceph-upgrade").request;
    assert.deepEqual(before.cephUpgrade, {
      controlPlane: ["control-1"],
      namespace: "rook-ceph",
      rook,
      image,
    });
    const after = stepInputs(seen, "storage-ceph-ready").request;
    assert.deepEqual(after.storageReady, {
      controlPlane: ["control-1"],
      namespace: "rook-ceph",
      classes: ["ceph-block", "ceph-filesystem"],
      ceph: {
        image,
        disks: { "storage-1": 1, "storage-2": 1, "storage-3": 1 },
        drivers: ["rook-ceph.rbd.csi.ceph.com", "rook-ceph.cephfs.csi.ceph.com"],
      },
    });
    assert.ok(!("storageReady" in before));
  });

  it("shows a new disk in the cluster and in the look after it, nowhere else", async () => {
    const more = cephSite();
    more.storage.ceph.devices["storage-1"].push({
      path: "/dev/disk/by-id/nvme-new",
      sizeGiB: 100,
    });
    const [one, other] = [await storage(cephSite()), await storage(more)];
    const changed = one.seen
      .filter((each) => {
        const again = found(other.seen, each.name);
        return JSON.stringify(each.inputs) !== JSON.stringify(again.inputs);
      })
      .map(({ name }) => name);
    assert.deepEqual(changed.sort(), ["storage-ceph-cluster", "storage-ceph-ready"]);
  });

  it("confirms an erasure only when it is told to", async () => {
    const policy = async (erase: boolean) =>
      found((await storage(cephSite(), erase)).seen, "storage-ceph-cluster").inputs.values
        .cephClusterSpec.cleanupPolicy;
    assert.equal(await policy(false), undefined);
    assert.equal((await policy(true)).confirmation, "yes-really-destroy-data");
  });
});

describe("Storage of kind nfs", () => {
  it("asks for exactly the provisioner, its class and a look", async () => {
    const { seen } = await storage(nfsSite());
    assert.deepEqual(
      names(seen),
      [
        "storage",
        "storage-nfs",
        "storage-nfs-class",
        "storage-nfs-ready",
        ...program("storage-nfs"),
      ].sort(),
    );
  });

  it("tells the provisioner the server in its variables and in its mount", async () => {
    const { seen } = await storage(nfsSite({ archiveOnDelete: false, reclaim: "Retain" }));
    const { spec } = found(seen, "storage-nfs-pods").inputs.spec.template;
    const [container] = spec.containers;
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    const server = { server: "192.0.2.9", path: "/srv/site" };
    assert.deepEqual([env.NFS_SERVER, env.NFS_PATH], [server.server, server.path]);
    assert.deepEqual(spec.volumes, [{ name: "server", nfs: server }]);
    const { inputs } = found(seen, "storage-nfs-class");
    assert.equal(inputs.provisioner, env.PROVISIONER_NAME);
    assert.deepEqual(inputs.parameters, { archiveOnDelete: "false" });
    assert.equal(inputs.reclaimPolicy, "Retain");
  });
});

describe("Storage of kind local", () => {
  it("asks for exactly the provisioner, its configuration and its class", async () => {
    const { seen } = await storage(localSite());
    assert.deepEqual(
      names(seen),
      [
        "storage",
        "storage-local",
        "storage-local-class",
        "storage-local-config",
        ...program("storage-local"),
      ].sort(),
    );
  });

  it("makes volumes where the Pod is, in the site's folder, by Pods of a pinned image", async () => {
    const { seen } = await storage(localSite({ path: "/srv/volumes" }));
    const { data } = found(seen, "storage-local-config").inputs;
    assert.deepEqual(JSON.parse(data["config.json"]), {
      nodePathMap: [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: ["/srv/volumes"] }],
    });
    const helper = JSON.parse(data["helperPod.yaml"]).spec.containers[0];
    assert.match(helper.image, /^docker\.io\/library\/busybox:\d/);
    const { inputs } = found(seen, "storage-local-class");
    assert.equal(inputs.volumeBindingMode, "WaitForFirstConsumer");
    assert.equal(
      inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"],
      "true",
    );
  });

  it("lets the Pods that make folders run as an account that there is", async () => {
    const { seen } = await storage(localSite());
    const { spec } = found(seen, "storage-local-pods").inputs.spec.template;
    const account = spec.containers[0].env.find(
      ({ name }: { name: string }) => name === "SERVICE_ACCOUNT_NAME",
    );
    assert.equal(account?.value, found(seen, "storage-local-account").inputs.metadata.name);
  });
});

describe("Programs without a chart", () => {
  it("have limits, keep to a user of their own where they can, and never gain privileges", async () => {
    for (const [site, pods, root] of [
      [cephSite(), "storage-snapshots-pods", false],
      [nfsSite(), "storage-nfs-pods", true],
      [localSite(), "storage-local-pods", false],
    ] as const) {
      const { spec } = found((await storage(site)).seen, pods).inputs.spec.template;
      const [container] = spec.containers;
      assert.ok(container.resources.limits.cpu && container.resources.limits.memory, pods);
      assert.equal(container.securityContext.allowPrivilegeEscalation, false, pods);
      assert.equal(spec.securityContext?.runAsNonRoot === true, !root, pods);
    }
  });
});

describe("The platform", () => {
  it("makes the namespaces of storage and comes to no harm without the word for erasing", async () => {
    const blueprint = withBundle(resolved(cephSite()));
    const args = { blueprint, hostKeys, secrets, platform: blueprint.platform, eraseData: false };
    const { seen } = await deploy(() => new Platform("platform", args));
    const { inputs } = found(seen, "platform-rook-ceph-namespace");
    assert.deepEqual(inputs.metadata, {
      name: "rook-ceph",
      labels: { "pod-security.kubernetes.io/enforce": "privileged" },
    });
    const policy = found(seen, "platform-storage-ceph-cluster").inputs.values.cephClusterSpec;
    assert.ok(!("cleanupPolicy" in policy));
  });
});
