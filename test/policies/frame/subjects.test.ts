import assert from "node:assert/strict";
import fc from "fast-check";
import { Inventory } from "../../../policies/support/inventory";
import { containersOf, podTemplate } from "../../../policies/support/pods";
import { subject } from "../../../policies/support/subject";
import { objectSubject, patchSubject } from "../support/judging";
import { container, deployment } from "../support/sample-objects";

describe("A subject", () => {
  it("is named as people know it", () => {
    assert.equal(objectSubject(deployment()).title, "Deployment parcels/web");
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } };
    assert.equal(objectSubject(node).title, "Node worker-1");
    const step = subject({
      id: "u",
      type: "command:remote:Command",
      name: "prepare",
      properties: {},
    });
    assert.equal(step.title, "command:remote:Command prepare");
    assert.equal(step.object, undefined);
  });

  it("is what the program stated, where Pulumi shows the cluster's answer", () => {
    const answer = { ...deployment(), status: { replicas: 2 }, __inputs: deployment() };
    const { properties } = subject({ id: "u", type: "t", name: "web", properties: answer });
    assert.equal(properties.status, undefined);
  });

  it("is no object when it is a list or a chart", () => {
    const list = { apiVersion: "v1", kind: "List", items: [] };
    assert.equal(objectSubject({ ...list, metadata: {} }).object, undefined);
    const chart = subject({
      id: "u",
      type: "kubernetes:helm.sh/v4:Chart",
      name: "c",
      properties: { chart: "x" },
    });
    assert.equal(chart.object, undefined);
  });
});

describe("An inventory", () => {
  const web = objectSubject(deployment());
  const patch = patchSubject(deployment());
  const inventory = new Inventory([web, patch]);

  it("gives whole objects by kind, whatever their version, and patches to nobody", () => {
    assert.deepEqual(inventory.of("apps/Deployment", "Pod"), [web]);
  });

  it("finds an object by kind, namespace and name", () => {
    assert.equal(inventory.find("apps/Deployment", "parcels", "web"), web);
    assert.equal(inventory.find("apps/Deployment", "other", "web"), undefined);
    assert.equal(inventory.byId(patch.id), patch);
  });
});

describe("Pods of an object", () => {
  const spec = {
    initContainers: [container(), { ...container(), restartPolicy: "Always" }],
    containers: [container()],
  };
  const template = { metadata: { labels: { a: "b" } }, spec };

  for (const [kind, apiVersion, object, path, replicas] of [
    ["Deployment", "apps/v1", { spec: { replicas: 3, template } }, "spec.template", 3],
    ["StatefulSet", "apps/v1", { spec: { template } }, "spec.template", 1],
    ["DaemonSet", "apps/v1", { spec: { template } }, "spec.template", Number.POSITIVE_INFINITY],
    ["Job", "batch/v1", { spec: { parallelism: 2, template } }, "spec.template", 2],
    [
      "CronJob",
      "batch/v1",
      { spec: { jobTemplate: { spec: { template } } } },
      "spec.jobTemplate.spec.template",
      1,
    ],
    ["Pod", "v1", template, "", 1],
  ] as const) {
    it(`are found in a ${kind}, with the path of every container`, () => {
      const found = podTemplate({ apiVersion, kind, ...object });
      assert.ok(found !== undefined);
      assert.equal(found.replicas, replicas);
      assert.equal(found.path, path);
      const start = path === "" ? "spec" : `${path}.spec`;
      assert.deepEqual(
        [...containersOf(found)].map(({ path: at, role }) => [at, role]),
        [
          [`${start}.initContainers[0]`, "init"],
          [`${start}.initContainers[1]`, "sidecar"],
          [`${start}.containers[0]`, "main"],
        ],
      );
    });
  }

  it("are found in no other object, and never fail on an odd one", () => {
    assert.equal(podTemplate({ apiVersion: "v1", kind: "Service" }), undefined);
    fc.assert(
      fc.property(fc.anything(), (odd) => {
        const found = podTemplate({ apiVersion: "apps/v1", kind: "Deployment", spec: odd });
        assert.ok(found !== undefined);
        assert.ok(Array.isArray([...containersOf(found)]));
      }),
    );
  });
});
