import assert from "node:assert/strict";
import {
  type DiffSubjects,
  detailedDiff,
  replacingPaths,
  withoutIgnored,
} from "../../../rehearsal/plugins/kubernetes/diff/detailed-diff";
import {
  mergePatch,
  withPlaceholders,
} from "../../../rehearsal/plugins/kubernetes/diff/merge-patch";
import { replacePathsOf } from "../../../rehearsal/plugins/kubernetes/diff/replace-rules";
import {
  type KubeObject,
  UNKNOWN,
} from "../../../rehearsal/plugins/kubernetes/objects/kube-object";

const MUTABLE = { configMaps: true, secrets: true };

function changes(old: KubeObject, fresh: KubeObject, mutable = MUTABLE): Record<string, string> {
  const patch = mergePatch(
    withPlaceholders(old) as KubeObject,
    withPlaceholders(fresh) as KubeObject,
  );
  const subjects: DiffSubjects = {
    patch,
    old,
    newInputs: fresh,
    oldInputs: old,
    replacePaths: replacePathsOf(fresh, mutable),
  };
  return Object.fromEntries(
    [...detailedDiff(subjects)].map(([path, { kind, replaces }]) => [
      path,
      replaces ? `${kind} replace` : kind,
    ]),
  );
}

const of = (type: string, rest: KubeObject): KubeObject => {
  const parts = type.split("/");
  return {
    apiVersion: parts.slice(0, -1).join("/"),
    kind: parts.at(-1) ?? "",
    metadata: { name: "a", namespace: "b" },
    ...rest,
  };
};

const rows: [
  title: string,
  type: string,
  old: KubeObject,
  fresh: KubeObject,
  expected: Record<string, string>,
][] = [
  [
    "nothing when nothing changed",
    "apps/v1/Deployment",
    { spec: { replicas: 1 } },
    { spec: { replicas: 1 } },
    {},
  ],
  [
    "an update in place",
    "apps/v1/Deployment",
    { spec: { replicas: 1 } },
    { spec: { replicas: 2 } },
    { "spec.replicas": "update" },
  ],
  [
    "a key that needs quotes",
    "v1/ConfigMap",
    { data: { "a.b": "1" } },
    { data: { "a.b": "2" } },
    { 'data["a.b"]': "update" },
  ],
  [
    "a field that goes",
    "v1/ConfigMap",
    { data: { a: "1", b: "2" } },
    { data: { a: "1" } },
    { "data.b": "delete" },
  ],
  [
    "a list element by element",
    "v1/Service",
    { spec: { ports: [{ port: 80, name: "a" }] } },
    { spec: { ports: [{ port: 81 }, { port: 82 }] } },
    { "spec.ports[0].port": "update", "spec.ports[0].name": "delete", "spec.ports[1]": "add" },
  ],
  [
    "a shorter list",
    "v1/Service",
    { spec: { ports: [{ port: 80 }, { port: 81 }] } },
    { spec: { ports: [{ port: 80 }] } },
    { "spec.ports[1]": "delete" },
  ],
  [
    "a Deployment's selector",
    "apps/v1/Deployment",
    { spec: { selector: { matchLabels: { app: "a" } } } },
    { spec: { selector: { matchLabels: { app: "b" } } } },
    { "spec.selector.matchLabels.app": "update replace" },
  ],
  [
    "a StatefulSet's service",
    "apps/v1/StatefulSet",
    { spec: { serviceName: "a" } },
    { spec: { serviceName: "b" } },
    { "spec.serviceName": "update replace" },
  ],
  [
    "a StatefulSet's replicas",
    "apps/v1/StatefulSet",
    { spec: { replicas: 1 } },
    { spec: { replicas: 2 } },
    { "spec.replicas": "update" },
  ],
  [
    "a Job's template",
    "batch/v1/Job",
    { spec: { template: { spec: { a: 1 } } } },
    { spec: { template: { spec: { a: 2 } } } },
    { "spec.template.spec.a": "update replace" },
  ],
  [
    "a Job's deadline",
    "batch/v1/Job",
    { spec: { backoffLimit: 1 } },
    { spec: { backoffLimit: 2 } },
    { "spec.backoffLimit": "update" },
  ],
  [
    "a Pod's image",
    "v1/Pod",
    { spec: { containers: [{ image: "a" }] } },
    { spec: { containers: [{ image: "b" }] } },
    { "spec.containers[0].image": "update replace" },
  ],
  [
    "a whole spec that appears",
    "v1/PersistentVolumeClaim",
    {},
    { spec: { storageClassName: "a" } },
    { spec: "add replace" },
  ],
  [
    "a claim's size",
    "v1/PersistentVolumeClaim",
    { spec: { resources: { requests: { storage: "1Gi" } } } },
    { spec: { resources: { requests: { storage: "2Gi" } } } },
    { "spec.resources.requests.storage": "update" },
  ],
  [
    "a role reference",
    "rbac.authorization.k8s.io/v1/RoleBinding",
    { roleRef: { name: "a" } },
    { roleRef: { name: "b" } },
    { "roleRef.name": "update replace" },
  ],
  [
    "a storage class's parameters",
    "storage.k8s.io/v1/StorageClass",
    { parameters: { a: "1" } },
    { parameters: { a: "2" } },
    { "parameters.a": "update replace" },
  ],
  [
    "a Service's address",
    "v1/Service",
    { spec: { clusterIP: "10.0.0.1" } },
    { spec: { clusterIP: "None" } },
    { "spec.clusterIP": "update replace" },
  ],
  [
    "an immutable ConfigMap's data",
    "v1/ConfigMap",
    { immutable: true, data: { a: "1" } },
    { immutable: true, data: { a: "2" } },
    { "data.a": "update replace" },
  ],
  [
    "a value that is not known yet",
    "apps/v1/Deployment",
    { spec: { replicas: 1 } },
    { spec: { replicas: UNKNOWN, paused: UNKNOWN } },
    { "spec.replicas": "update", "spec.paused": "add" },
  ],
  [
    "a custom resource",
    "a.test/v1/A",
    { spec: { a: 1 } },
    { spec: { a: 2 } },
    { "spec.a": "update" },
  ],
];

describe("The difference between an object and what is wanted", () => {
  for (const [title, type, old, fresh, expected] of rows) {
    it(`shows ${title}`, () => assert.deepEqual(changes(of(type, old), of(type, fresh)), expected));
  }

  it("replaces for another name or namespace, whatever the kind", () => {
    const fresh = { ...of("a.test/v1/A", {}), metadata: { name: "a", namespace: "c" } };
    assert.deepEqual(changes(of("a.test/v1/A", {}), fresh), {
      "metadata.namespace": "update replace",
    });
  });

  it("replaces ConfigMaps and Secrets with other data unless they may be changed", () => {
    const fixed = { configMaps: false, secrets: false };
    for (const kind of ["v1/ConfigMap", "v1/Secret"]) {
      const [old, fresh] = [of(kind, { data: { a: "1" } }), of(kind, { data: { a: "2" } })];
      assert.deepEqual(changes(old, fresh), { "data.a": "update" });
      assert.deepEqual(changes(old, fresh, fixed), { "data.a": "update replace" });
    }
  });

  it("leaves out what is ignored, with everything inside it", () => {
    const diff = new Map([
      ["spec.template.a", { kind: "update", replaces: true, inputDiff: false }],
      ["spec.replicas", { kind: "update", replaces: false, inputDiff: false }],
    ] as const);
    assert.deepEqual([...withoutIgnored(diff, ["spec.template"]).keys()], ["spec.replicas"]);
    assert.deepEqual(replacingPaths(diff), ["spec.template.a"]);
  });

  it("counts losing all metadata as a replacement", () => {
    const lost = new Map([
      ["metadata", { kind: "delete", replaces: false, inputDiff: true }],
    ] as const);
    assert.deepEqual(replacingPaths(lost), ["metadata"]);
  });
});
