import assert from "node:assert/strict";
import fc from "fast-check";
import { storageClasses } from "../../policies/storage-classes";
import type { Blueprint } from "../../site/blueprint-types";
import { withBundle } from "../support/bundled-site";
import { sampleSite } from "../support/sites";
import {
  judged,
  objectSubject,
  patchSubject,
  type Setting,
  siteA,
  unknown,
  violations,
} from "./support/judging";
import { claim, claimSpec, claimsEverywhere } from "./support/sample-claims";

const found = (object: Readonly<Record<string, unknown>>, setting: Setting = {}) =>
  violations(storageClasses, [objectSubject(object)], setting);

const siteB = () => withBundle(sampleSite("site-b"));

/** site-a with other settings of its storage. */
function withStorage(
  change: (storage: NonNullable<Blueprint["platform"]["storage"]>) => object,
): Blueprint {
  const sample = siteA();
  const { storage } = sample.platform;
  assert.ok(storage);
  return {
    ...sample,
    platform: { ...sample.platform, storage: { ...storage, ...change(storage) } },
  };
}

const storageClass = (name: string, more: object = {}) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name,
    annotations: { "storageclass.kubernetes.io/is-default-class": String(name === "ceph-block") },
  },
  provisioner: "sample",
  reclaimPolicy: "Delete",
  ...more,
});

describe("storage-classes", () => {
  for (const [title, spec] of [
    ["the site's default class", {}],
    ["a class by its name", { storageClassName: "ceph-filesystem" }],
    [
      "volumes of many nodes on a file system",
      { storageClassName: "ceph-filesystem", accessModes: ["ReadWriteMany"] },
    ],
    [
      "devices of many nodes on disks",
      { storageClassName: "ceph-block", accessModes: ["ReadWriteMany"], volumeMode: "Block" },
    ],
    ["a class that only the update will know", { storageClassName: unknown }],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(claim(spec)), []));
  }

  for (const [title, spec, at, expected] of [
    [
      "a class of another cluster",
      { storageClassName: "gp2" },
      "storageClassName",
      /a class for volumes: ceph-block, ceph-filesystem; given "gp2"/,
    ],
    [
      "a class that is spelt wrong, and says what is meant",
      { storageClassName: "ceph-blok" },
      "storageClassName",
      /next: write ceph-block/,
    ],
    [
      "a class for buckets",
      { storageClassName: "ceph-bucket" },
      "storageClassName",
      /a class for volumes/,
    ],
    [
      "no class at all, which waits for a volume made by hand",
      { storageClassName: "" },
      "storageClassName",
      /made by hand/,
    ],
    [
      "something odd",
      { storageClassName: { name: "gp2" } },
      "storageClassName",
      /a object|an object/,
    ],
    [
      "many writers on a disk",
      { accessModes: ["ReadWriteMany"] },
      "accessModes",
      /that ceph-block can do: ReadWriteOnce, .*given ReadWriteMany/,
    ],
    ["a mode that there is not", { accessModes: ["Sometimes"] }, "accessModes", /given Sometimes/],
    ["no mode", { accessModes: undefined }, "accessModes", /given none/],
    [
      "a device on a file system",
      { storageClassName: "ceph-filesystem", volumeMode: "Block" },
      "volumeMode",
      /needs Filesystem/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(claim(spec));
      assert.ok(
        violation.startsWith(`PersistentVolumeClaim parcels/data: spec.${at} needs`),
        violation,
      );
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  for (const [path, object] of claimsEverywhere(claimSpec({ storageClassName: "gp2" }))) {
    it(`refuses it in ${path} of a ${object.kind}`, () => {
      const all = found(object);
      assert.equal(all.length, 1);
      assert.ok(
        all[0]?.startsWith(`${object.kind} parcels/web: ${path}.storageClassName needs`),
        all[0],
      );
    });
  }

  it("refuses many writers on a worker's own disk", () => {
    const spec = { accessModes: ["ReadWriteMany"] };
    assert.match(
      found(claim(spec), { blueprint: siteB() }).join(),
      /that local can do: ReadWriteOnce/,
    );
    assert.deepEqual(found(claim({}), { blueprint: siteB() }), []);
  });

  it("refuses a claim that names no class where none is the default", () => {
    const blueprint = withStorage(({ classes }) => ({
      classes: classes.map((one) => ({ ...one, default: false })),
    }));
    assert.match(
      found(claim(), { blueprint }).join(),
      /given nothing, and the site has no default/,
    );
    assert.deepEqual(violations(storageClasses, [patchSubject(claim())], { blueprint }), []);
  });

  it("lets the site name objects whose volumes are made by hand", () => {
    const settings = { withoutClass: ["parcels/data"] };
    assert.deepEqual(found(claim({ storageClassName: "" }), { settings }), []);
    assert.equal(found(claim({ storageClassName: "" }, "other"), { settings }).length, 1);
  });

  it("asks of buckets for a class of buckets", () => {
    const bucket = (storageClassName?: string) => ({
      apiVersion: "objectbucket.io/v1alpha1",
      kind: "ObjectBucketClaim",
      metadata: { name: "pictures", namespace: "parcels" },
      spec: { storageClassName },
    });
    assert.deepEqual(found(bucket("ceph-bucket")), []);
    assert.match(found(bucket("ceph-block")).join(), /a class for buckets: ceph-bucket/);
    assert.equal(found(bucket()).length, 1);
  });
});

describe("storage-classes, of the classes themselves", () => {
  const keeping = () => withStorage(({ ceph }) => ({ ceph: { ...ceph, reclaim: "Retain" } }));

  it("lets classes through that keep volumes as the site says, or longer", () => {
    for (const name of ["ceph-block", "ceph-filesystem", "ceph-bucket"]) {
      assert.deepEqual(found(storageClass(name)), []);
      assert.deepEqual(found(storageClass(name, { reclaimPolicy: "Retain" })), []);
    }
  });

  for (const [title, object, expected] of [
    [
      "one that the site does not state",
      storageClass("fast"),
      /metadata.name needs a class of the site: ceph-block, ceph-filesystem, ceph-bucket; given "fast"/,
    ],
    [
      "a second default",
      storageClass("ceph-filesystem", {
        metadata: {
          name: "ceph-filesystem",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
      }),
      /needs "false", since the site's default class is ceph-block/,
    ],
    [
      "a default that says nothing of it",
      storageClass("ceph-block", { metadata: { name: "ceph-block" } }),
      /needs "true".*given nothing/,
    ],
    [
      "a volume made by hand that is not kept",
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "old" },
        spec: { persistentVolumeReclaimPolicy: "Delete" },
      },
      /needs Retain; given "Delete"/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(object);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("refuses a class that deletes what the site wants kept, also by saying nothing", () => {
    for (const reclaimPolicy of ["Delete", undefined]) {
      const object = storageClass("ceph-block", { reclaimPolicy });
      assert.match(
        found(object, { blueprint: keeping() }).join(),
        /reclaimPolicy needs Retain; given.*"Delete"/,
      );
      assert.equal(found(object, { settings: { reclaim: "Retain" } }).length, 1);
    }
  });

  it("bears objects of any shape", () => {
    const kinds = [
      ["v1", "PersistentVolumeClaim"],
      ["v1", "PersistentVolume"],
      ["apps/v1", "StatefulSet"],
      ["storage.k8s.io/v1", "StorageClass"],
      ["monitoring.coreos.com/v1", "Prometheus"],
      ["objectbucket.io/v1alpha1", "ObjectBucketClaim"],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.anything(),
        fc.anything(),
        ([apiVersion, kind], spec, other) => {
          for (const object of [
            { apiVersion, kind, spec, reclaimPolicy: other },
            {
              apiVersion,
              kind,
              spec: {
                volumeClaimTemplates: [{ spec }],
                template: { spec: { volumes: spec } },
                storage: other,
              },
            },
            claim({ storageClassName: other, accessModes: spec, volumeMode: other }),
          ]) {
            judged(storageClasses, [objectSubject(object)]);
          }
        },
      ),
    );
  });
});
