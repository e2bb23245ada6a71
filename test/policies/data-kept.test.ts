import assert from "node:assert/strict";
import fc from "fast-check";
import { dataKept } from "../../policies/data-kept";
import { Inventory } from "../../policies/support/inventory";
import { judgeInventory } from "../../policies/support/judge";
import { stateSubjects } from "../../policies/support/state";
import { type Subject, subject } from "../../policies/support/subject";
import { RunError } from "../../site/run-error";
import { contextFor, judged, objectSubject, siteA, unknown, violations } from "./support/judging";

/** Pulumi's own marks of a secret in a state. */
const secretKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

const object = (apiVersion: string, kind: string, name: string, namespace?: string, spec = {}) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  spec,
});

const claimSpec = { accessModes: ["ReadWriteOnce"], storageClassName: "ceph-block" };
const claimObject = (spec: object = claimSpec, name = "archive") =>
  object("v1", "PersistentVolumeClaim", name, "parcels", spec);
const cephCluster = object("ceph.rook.io/v1", "CephCluster", "rook-ceph", "rook-ceph");
const space = (name: string) => object("v1", "Namespace", name);
const setObject = (templates: readonly string[], name = "queue", more = {}) =>
  object("apps/v1", "StatefulSet", name, "parcels", {
    volumeClaimTemplates: templates.map((one) => ({ metadata: { name: one }, spec: claimSpec })),
    ...more,
  });

/** Something other than an object, by its type. */
const other = (type: string, properties: object = {}, more: Partial<Subject> = {}): Subject => ({
  ...subject({
    id: `urn:pulumi:a::b::${type}::one`,
    type,
    name: "one",
    properties: { ...properties },
  }),
  ...more,
});
const cluster = (triggers?: unknown) =>
  other("command:local:Command", { delete: "./sitewright step delete-cluster", triggers });

/** The same resource with other contents. */
const changed = (old: Subject, properties: object): Subject => ({
  ...subject({ ...old, properties: { ...properties } }),
});

const found = (
  now: readonly Subject[],
  before?: readonly Subject[],
  setting: Parameters<typeof violations>[2] = {},
) => violations(dataKept, now, { ...setting, ...(before !== undefined && { before }) });

/** What is found where something was there before and is `now` something else, or gone. */
const only = (before: Subject, now: Subject | undefined) => {
  const [violation = "", ...others] = found(now === undefined ? [] : [now], [before]);
  assert.deepEqual(others, []);
  return violation;
};

describe("data-kept", () => {
  describe("asks protection for", () => {
    for (const [title, made] of [
      ["a claim", objectSubject(claimObject())],
      ["Ceph's cluster", objectSubject(cephCluster)],
      ["a pool", objectSubject(object("ceph.rook.io/v1", "CephBlockPool", "p", "rook-ceph"))],
      ["a namespace of the platform that holds data", objectSubject(space("nightingale"))],
      ["a team's namespace", objectSubject(space("site-a-sorting-web"))],
      ["the product's namespace", objectSubject(space("parcels"))],
      ["what Helm would take every definition away with", other("kubernetes:helm.sh/v3:Release")],
    ] as const) {
      it(title, () => {
        const [violation = "", ...others] = found([made]);
        assert.match(
          violation,
          /: needs protection, or to stay when it goes; given neither, though/,
        );
        assert.deepEqual(others, []);
        assert.deepEqual(found([{ ...made, protect: true }]), []);
        assert.deepEqual(found([{ ...made, retain: true }]), []);
      });
    }

    it("a namespace in which claims are made", () => {
      const traefik = objectSubject(space("traefik"));
      assert.deepEqual(found([traefik]), []);
      const set = objectSubject({
        ...setObject(["data"]),
        metadata: { name: "s", namespace: "traefik" },
      });
      assert.match(found([traefik, set])[0] ?? "", /^Namespace traefik: needs protection/);
    });
  });

  it("does not ask it of what Pulumi does not tell to stay, which the release's claims do", () => {
    const id = "urn:pulumi:a::b::sitewright:site:Site$sitewright:workload:Product$x::one";
    const claim = objectSubject(claimObject(), { id });
    assert.deepEqual(found([claim]), []);
    assert.equal(found([{ ...claim, retain: false }]).length, 1);
  });

  it("asks it of nothing else, nor of steps that ask for the second word themselves", () => {
    const service = objectSubject(object("v1", "Service", "web", "parcels"));
    const namespace = objectSubject(space("traefik"));
    const harbor = other("pulumi-nodejs:dynamic/registry:Harbor");
    assert.deepEqual(found([service, namespace, harbor, cluster()]), []);
  });

  for (const key of ["whenDeleted", "whenScaled"]) {
    it(`refuses volumes that are deleted ${key}`, () => {
      const policy = (value: string) =>
        objectSubject(
          setObject(["data"], "queue", { persistentVolumeClaimRetentionPolicy: { [key]: value } }),
        );
      assert.deepEqual(found([policy("Retain")]), []);
      const [violation = ""] = found([policy("Delete")]);
      assert.match(violation, /RetentionPolicy\.when\w+ needs Retain; given Delete/);
    });
  }

  it("never shows a secret that a step goes by", () => {
    const secretValues = ["Sample-1-of-a-long-secret"];
    const [violation = ""] = found([cluster(["Sample-1-of-a-long-secret"])], [cluster(["old"])], {
      secretValues,
    });
    assert.match(violation, /triggers needs \["old"\]; given a secret, by which/);
  });

  it("takes what the state holds encrypted for no change", () => {
    const encrypted = { [secretKey]: secretMark, ciphertext: "v1:abc" };
    const { id, type, object: inputs } = objectSubject(claimObject());
    const exported = (own: object) =>
      stateSubjects(
        JSON.stringify({
          deployment: { resources: [{ urn: id, type, protect: true, inputs: own }] },
        }),
      );
    const now = exported({ ...inputs });
    for (const key of ["metadata", "spec"]) {
      assert.deepEqual(found(now, exported({ ...inputs, [key]: encrypted })), [], key);
    }
    const others = { ...claimSpec, accessModes: ["ReadWriteMany"] };
    assert.equal(found(now, exported({ ...inputs, spec: others })).length, 1);
  });

  describe("compared with what the stack held,", () => {
    const kept = objectSubject(claimObject(), { protect: true });

    it("lets everything through that is as it was, whatever else came, went or changed", () => {
      const service = objectSubject(object("v1", "Service", "web", "parcels"));
      assert.deepEqual(found([kept], [kept, service]), []);
      const larger = { ...claimSpec, resources: { requests: { storage: "9Gi" } } };
      assert.deepEqual(
        found([{ ...changed(kept, claimObject(larger)), protect: true }], [kept]),
        [],
      );
    });

    for (const [title, made] of [
      ["a claim", kept],
      ["a namespace", objectSubject(space("parcels"), { protect: true })],
      ["Ceph's cluster", objectSubject(cephCluster, { protect: true })],
      ["the cluster's step", cluster()],
      ["Harbor", other("pulumi-nodejs:dynamic/registry:Harbor")],
    ] as const) {
      it(`refuses that ${title} goes`, () => {
        assert.match(only(made, undefined), /: needs to stay in the stack; given nothing in the/);
      });
    }

    it("lets go what stays in the cluster, and what has another name in the stack", () => {
      assert.deepEqual(found([], [{ ...kept, retain: true }]), []);
      const renamed = { ...kept, id: "urn:renamed", aliases: [kept.id] };
      assert.deepEqual(found([renamed], [kept]), []);
    });

    for (const [title, made, now, expected] of [
      [
        "a claim of another name",
        objectSubject(claimObject(), { protect: true }),
        claimObject(claimSpec, "other"),
        /metadata\.name needs "archive"; given "other", by which another takes its place/,
      ],
      [
        "a claim of another class",
        objectSubject(claimObject(), { protect: true }),
        claimObject({ ...claimSpec, storageClassName: "local" }),
        /spec\.storageClassName needs "ceph-block"; given "local"/,
      ],
      [
        "a StatefulSet whose volumes have another name",
        objectSubject(setObject(["data"])),
        setObject(["files"]),
        /needs the volumes parcels\/data-queue that it has; given parcels\/files-queue: its Pods/,
      ],
      [
        "a StatefulSet of another name",
        objectSubject(setObject(["data"])),
        setObject(["data"], "q"),
        /needs the volumes parcels\/data-queue that it has; given parcels\/data-q: its Pods/,
      ],
      [
        "a cluster's step that would be undone first",
        cluster(["1"]),
        cluster(["2"]).properties,
        /triggers needs \["1"\]; given \["2"\]/,
      ],
    ] as const) {
      it(`refuses ${title}`, () => {
        assert.match(only(made, { ...changed(made, now), protect: made.protect }), expected);
      });
    }

    it("refuses another cluster's provider, with which everything would be replaced", () => {
      const provider = (clusterIdentifier: string) =>
        other("pulumi:providers:kubernetes", { clusterIdentifier });
      assert.match(
        only(provider("a/b"), provider("a/c")),
        /clusterIdentifier needs "a\/b"; given "a\/c".*every object of the cluster/,
      );
    });

    it("says nothing of what the cluster filled in", () => {
      const { metadata } = kept.object ?? {};
      const stated = objectSubject(
        { ...claimObject(), metadata: { name: metadata?.name } },
        { protect: true },
      );
      const answer = claimObject({ ...claimSpec, volumeMode: "Filesystem", volumeName: "pv-1" });
      assert.deepEqual(found([{ ...changed(stated, answer), protect: true }], [stated]), []);
    });

    it("says nothing of a change that is not known yet", () => {
      const made = objectSubject(claimObject(), { protect: true });
      const id = made.id;
      const next = objectSubject(claimObject({ ...claimSpec, storageClassName: unknown }), {
        id,
        protect: true,
      });
      assert.deepEqual(found([next], [made]), []);
    });

    it("tells when that cannot be read", () => {
      const before = () => {
        throw new RunError("pulumi did not show it", { nextStep: "log in" });
      };
      const inventory = new Inventory([kept], before);
      const { findings } = judgeInventory(dataKept, inventory, contextFor(dataKept));
      assert.deepEqual(
        findings.map(({ given, next }) => [given, next]),
        [["pulumi did not show it", "log in"]],
      );
    });
  });

  describe("with both words", () => {
    const gone = objectSubject(claimObject(), { protect: true });
    const settings = {
      givenUp: { "PersistentVolumeClaim parcels/archive": "moved to a database" },
    };
    const judge = (destroyWord: string | undefined, given: typeof settings | object) => {
      const inventory = new Inventory([], [gone]);
      const context = { ...contextFor(dataKept, { settings: { ...given } }), destroyWord };
      return judgeInventory(dataKept, inventory, context).findings.length;
    };

    it("lets go what the site gives up by name", () => {
      assert.equal(judge("site-a", settings), 0);
    });

    it("lets nothing go with one of them, or with those of another", () => {
      assert.equal(judge(undefined, settings), 1);
      assert.equal(judge("site-b", settings), 1);
      assert.equal(judge("site-a", {}), 1);
      const others = { givenUp: { "PersistentVolumeClaim parcels/other": "moved to a database" } };
      assert.equal(judge("site-a", others), 1);
    });

    it("asks nothing where all of the site's data may be erased", () => {
      const blueprint = siteA();
      const { storage } = blueprint.platform;
      if (storage?.ceph === undefined) throw new Error("site-a has Ceph");
      const ceph = { ...storage.ceph, erasable: true };
      const platform = { ...blueprint.platform, storage: { ...storage, ceph } };
      const context = {
        ...contextFor(dataKept, { blueprint: { ...blueprint, platform } }),
        destroyWord: "site-a",
      };
      const inventory = new Inventory([objectSubject(cephCluster)], [gone]);
      assert.deepEqual(judgeInventory(dataKept, inventory, context).findings, []);
      const without = { ...context, destroyWord: undefined };
      assert.equal(judgeInventory(dataKept, inventory, without).findings.length, 2);
    });
  });

  it("throws at nothing, whatever stands in objects", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (odd, more) => {
        const kinds = ["StatefulSet", "PersistentVolumeClaim", "Namespace"];
        const made = kinds.map((kind) =>
          objectSubject({ ...setObject(["data"]), kind, spec: odd, metadata: { name: "odd" } }),
        );
        const now = made.map((one) => changed(one, { ...one.properties, spec: more }));
        judged(dataKept, now, { before: made });
        const templates = objectSubject(
          setObject([], "q", { volumeClaimTemplates: [odd, { metadata: odd }] }),
        );
        judged(dataKept, [templates], { before: [templates, other("command:x", { delete: odd })] });
      }),
    );
  });
});
