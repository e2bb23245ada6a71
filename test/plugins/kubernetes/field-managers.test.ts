import assert from "node:assert/strict";
import type { KubeObject } from "../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { mustForce } from "../../../rehearsal/plugins/kubernetes/resource/apply";
import { manages, takeOver } from "../../../rehearsal/plugins/kubernetes/resource/field-managers";

describe("Managers of fields", () => {
  const entry = (manager: string, operation: string, fields: KubeObject): KubeObject => ({
    manager,
    operation,
    apiVersion: "v1",
    fieldsV1: fields,
  });
  const managed = (...entries: KubeObject[]): KubeObject => ({
    metadata: { managedFields: entries },
  });

  it("hand over what plain creation made, joined with what they applied", () => {
    const object = managed(
      entry("pulumi-kubernetes", "Update", { "f:data": { "f:a": {} } }),
      entry("mine", "Apply", { "f:data": { "f:b": {} } }),
      entry("other", "Update", { "f:status": {} }),
    );
    const after = takeOver(object, "mine") ?? [];
    assert.deepEqual(
      after.map(({ manager, operation }) => [manager, operation]),
      [
        ["other", "Update"],
        ["mine", "Apply"],
      ],
    );
    assert.deepEqual(after[1]?.fieldsV1, { "f:data": { "f:a": {}, "f:b": {} } });
  });

  const scale = { subresource: "scale" };
  const table: [manager: string, operation: string, more: KubeObject, handsOver: boolean][] = [
    ["kubectl", "Apply", {}, true],
    ["kubectl-edit", "Update", {}, true],
    ["kubectl-patch", "Update", {}, true],
    ["before-first-apply", "Update", {}, true],
    ["pulumi-kubernetes.exe", "Update", {}, true],
    ["pulumi-resource-kubernetes", "Update", {}, true],
    ["kubectl", "Update", scale, false],
    ["pulumi-kubernetes", "Apply", {}, false],
    ["other", "Apply", {}, false],
    ["my-kubectl", "Update", {}, false],
  ];
  for (const [manager, operation, more, handsOver] of table) {
    const where = more.subresource === undefined ? "" : ` at ${String(more.subresource)}`;
    it(`named ${manager} ${handsOver ? "hand over" : "keep"} what they hold by ${operation}${where}`, () => {
      const fields = { "f:data": { "f:a": {} } };
      const after = takeOver(managed({ ...entry(manager, operation, fields), ...more }), "mine");
      const expected = [{ ...entry("mine", "Apply", fields), fieldsType: "FieldsV1", time: null }];
      assert.deepEqual(after, handsOver ? expected : undefined);
    });
  }

  it("hold paths", () => {
    const of = entry("a", "Apply", { "f:spec": { "f:replicas": {} } });
    assert.equal(manages(of, ["spec", "replicas"]), true);
    assert.equal(manages(of, ["spec", "template"]), false);
  });

  it("are overruled only when told to, or in a preview that cannot hand over first", () => {
    const created = managed(entry("pulumi-kubernetes", "Update", {}));
    const theirs = managed(entry("other", "Update", {}));
    const forced = { metadata: { annotations: { "pulumi.com/patchForce": "true" } } };
    assert.equal(mustForce(forced, theirs, false, false), true);
    assert.equal(mustForce({}, theirs, true, false), true);
    assert.equal(mustForce({}, theirs, false, false), false);
    assert.equal(mustForce({}, created, false, true), true);
    assert.equal(mustForce({}, created, false, false), false);
    assert.equal(mustForce({}, undefined, false, true), true);
    assert.equal(mustForce({}, { metadata: {} }, false, false), true);
  });
});
