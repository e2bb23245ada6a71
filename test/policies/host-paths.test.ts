import assert from "node:assert/strict";
import fc from "fast-check";
import { hostPaths } from "../../policies/host-paths";
import { judged, objectSubject, patchSubject, siteA, unknown, violations } from "./support/judging";
import { container, deployment } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil objects in ways that no type allows
type AnyObject = any;

const found = (object: AnyObject, settings: AnyObject = {}) =>
  violations(hostPaths, [objectSubject(object)], { settings });

/** A Pod that mounts a folder of its node, in the first container as `mount` says. */
const mounting = (
  path: unknown,
  mount: AnyObject = {},
  change: (o: AnyObject) => void = () => {},
) =>
  deployment((object) => {
    const { spec } = object.spec.template;
    spec.volumes = [
      { name: "own", emptyDir: {} },
      { name: "node", hostPath: { path } },
    ];
    spec.containers[0].volumeMounts = [
      { name: "own", mountPath: "/tmp" },
      { name: "node", mountPath: "/node", ...mount },
    ];
    change(object);
  });

const asShipper = (object: AnyObject) => {
  object.kind = "DaemonSet";
  object.metadata = { name: "filebeat", namespace: "logging" };
};

const path = "Deployment parcels/web: spec.template.spec.volumes[1].hostPath.path";

describe("host-paths", () => {
  it("lets Pods through that see nothing of their node", () => {
    assert.deepEqual(found(deployment()), []);
  });

  it("refuses a folder of the node, even one that is only read", () => {
    const [violation = "", ...others] = found(mounting("/etc", { readOnly: true }));
    assert.ok(violation.startsWith(`${path} needs no folder of the node; given /etc`), violation);
    assert.deepEqual(others, []);
  });

  it("refuses a volume of the node that nothing mounts yet, in a CronJob too", () => {
    const { spec } = mounting("/var/run/docker.sock");
    const jobTemplate = { spec: { template: spec.template } };
    const metadata = { name: "nightly", namespace: "parcels" };
    const job = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate } };
    delete jobTemplate.spec.template.spec.containers[0].volumeMounts;
    assert.match(found(job).join("\n"), /volumes\[1\]\.hostPath\.path .*docker\.sock/);
  });

  it("refuses a volume that is a folder of whichever node comes", () => {
    const volume = (spec: object) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "data" },
      spec: { capacity: { storage: "1Gi" }, ...spec },
    });
    assert.match(found(volume({ hostPath: { path: "/data" } })).join(""), /spec\.hostPath needs/);
    assert.deepEqual(found(volume({ local: { path: "/data" } })), []);
  });

  it("refuses a volume of one node that is a folder of its system", () => {
    const volume = (path: unknown) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "archive" },
      spec: { local: { path } },
    });
    for (const path of ["/", "/etc", "/mnt/../etc/kubernetes", "/var/lib", "/var/run/", "/root"]) {
      assert.match(
        found(volume(path)).join("\n"),
        /^[^\n]+ spec\.local\.path needs a folder/,
        path,
      );
    }
    for (const path of ["/mnt/disk-1", "/dev/disk/by-id/nvme-a", "/var/lib/archive", "/srv/etc"]) {
      assert.deepEqual(found(volume(path)), [], path);
    }
  });

  it("lets the platform's own read and write just the folders that it needs", () => {
    assert.deepEqual(found(mounting("/var/log", { readOnly: true }, asShipper)), []);
    assert.deepEqual(found(mounting("/var/log/", { readOnly: true }, asShipper)), []);
    assert.deepEqual(found(mounting("/var/lib/filebeat-data", {}, asShipper)), []);
  });

  it("names them where another folder is wanted, however that is written", () => {
    for (const other of ["/", "/var/log/../lib", "/var/log/pods", "var/log"]) {
      const [violation = ""] = found(mounting(other, { readOnly: true }, asShipper));
      assert.match(violation, /no folder of the node but \/var\/log, \/var\/lib\/filebeat-data/);
    }
  });

  it("refuses the same to another of that name, kind or place", () => {
    for (const change of [
      (object: AnyObject) => Object.assign(object.metadata, { name: "reader" }),
      (object: AnyObject) => Object.assign(object.metadata, { namespace: "parcels" }),
      (object: AnyObject) => Object.assign(object, { kind: "Deployment" }),
    ]) {
      const object = mounting("/var/log", { readOnly: true }, asShipper);
      change(object);
      assert.equal(found(object).length, 1);
    }
  });

  it("refuses to write where reading is enough, by any container", () => {
    for (const mount of [{}, { readOnly: false }]) {
      const [violation = "", ...others] = found(
        mounting("/var/log", mount, (object) => {
          asShipper(object);
          const { spec } = object.spec.template;
          spec.initContainers = [
            container((made) => {
              made.volumeMounts = [{ name: "node", mountPath: "/logs", readOnly: true }];
            }),
          ];
        }),
      );
      assert.match(violation, /containers\[0\]\.volumeMounts\[1\]\.readOnly needs true, since/);
      assert.deepEqual(others, []);
    }
  });

  it("lets a workload of the release have the folder that the release states, as it states it", () => {
    const blueprint = structuredClone(siteA());
    const [workload] = blueprint.workloads.filter(({ kind }) => kind === "Deployment");
    assert.ok(workload);
    const source = { kind: "hostPath", path: "/srv/labels" } as const;
    const volumes = [{ name: "node", mountPath: "/node", readOnly: true, source }];
    Object.assign(workload, { volumes });
    const faults = (mount: object, name = workload.name) => {
      const object = mounting("/srv/labels", mount);
      object.metadata = { name, namespace: workload.namespace };
      return judged(hostPaths, [objectSubject(object)], { blueprint }).findings.length;
    };
    assert.equal(faults({ readOnly: true }), 0);
    assert.equal(faults({}), 1);
    assert.equal(faults({ readOnly: true }, "another"), 1);
  });

  it("lets through what the site states with a reason", () => {
    const because = "the customer's licence lies there";
    const also = [{ pods: "Deployment parcels/web", paths: { "/opt/licence": "read" }, because }];
    assert.deepEqual(found(mounting("/opt/licence", { readOnly: true }), { also }), []);
    assert.equal(found(mounting("/opt/licence"), { also }).length, 1);
    assert.equal(found(mounting("/opt", { readOnly: true }), { also }).length, 1);
  });

  it("lets a workload write where the release states the same folder once to read, once to write", () => {
    const folder = (readOnly: boolean) => ({
      name: `node-${readOnly}`,
      mountPath: "/node",
      readOnly,
      source: { kind: "hostPath" as const, path: "/srv/parcels" },
    });
    for (const volumes of [
      [folder(true), folder(false)],
      [folder(false), folder(true)],
    ]) {
      const [first, ...others] = siteA().workloads;
      assert.ok(first);
      const workloads = [
        { ...first, kind: "Deployment" as const, name: "web", namespace: "parcels", volumes },
        ...others.filter(({ name }) => name !== "web"),
      ];
      const blueprint = { ...siteA(), workloads };
      const subjects = [objectSubject(mounting("/srv/parcels"))];
      assert.deepEqual(violations(hostPaths, subjects, { blueprint }), []);
    }
  });

  it("looks at what a patch sets", () => {
    assert.equal(violations(hostPaths, [patchSubject(mounting("/etc"))]).length, 1);
  });

  it("waits for the update where a path is not known yet", () => {
    const { findings, undecided } = judged(hostPaths, [objectSubject(mounting(unknown))]);
    assert.deepEqual(findings, []);
    assert.equal(undecided[0]?.path.join("."), "spec.template.spec.volumes.1.hostPath.path");
  });

  it("does not fail on any object", () => {
    const anything = fc.anything({ maxDepth: 4 });
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        found(deployment((object) => Object.assign(object, { spec: one })));
        found(mounting(one, {}, asShipper));
        found(
          mounting("/var/log", {}, (object) => {
            asShipper(object);
            const { spec } = object.spec.template;
            spec.volumes.push(one, { name: "odd", hostPath: other });
            spec.containers.push(one, { volumeMounts: [other] });
          }),
        );
        found({ apiVersion: "v1", kind: "PersistentVolume", spec: one });
      }),
    );
  });
});
