import assert from "node:assert/strict";
import {
  type KubeObject,
  UNKNOWN,
} from "../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { normalise } from "../../../rehearsal/plugins/kubernetes/objects/normalise";
import { canonicalQuantity } from "../../../rehearsal/plugins/kubernetes/objects/quantity";
import { Schemas } from "../../../rehearsal/plugins/kubernetes/objects/schema";

describe("Quantities in the spelling that Kubernetes keeps", () => {
  const table: [given: string, kept: string][] = [
    ["1024Mi", "1Gi"],
    ["1536Mi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["512", "512"],
    ["0.5", "500m"],
    ["1000m", "1"],
    ["1500m", "1500m"],
    ["2", "2"],
    ["2000", "2k"],
    ["100M", "100M"],
    ["1e3", "1e3"],
    ["0", "0"],
    ["0Mi", "0"],
    ["-1000m", "-1"],
    ["0.1m", "100u"],
    ["512Ki", "512Ki"],
    ["lots", "lots"],
  ];
  for (const [given, kept] of table)
    it(`${given} is ${kept}`, () => assert.equal(canonicalQuantity(given), kept));
});

describe("Inputs in the spelling of the API", () => {
  const pod = (fields: KubeObject): KubeObject => ({ type: "object", properties: fields });
  const schemas = new Schemas({
    components: {
      schemas: {
        "io.k8s.apimachinery.pkg.api.resource.Quantity": {
          oneOf: [{ type: "string" }, { type: "number" }],
        },
        Thing: {
          ...pod({
            apiVersion: { type: "string" },
            kind: { type: "string" },
            metadata: pod({
              name: { type: "string" },
              labels: { type: "object", additionalProperties: { type: "string" } },
            }),
            spec: {
              ...pod({
                hostNetwork: { type: "boolean" },
                privileged: { type: "boolean" },
                replicas: { type: "integer" },
                port: { type: "integer" },
                args: { type: "array", items: { type: "string" } },
                emptyDir: pod({ medium: { type: "string" } }),
                limits: {
                  type: "object",
                  additionalProperties: {
                    $ref: "#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity",
                  },
                },
                value: { type: "string" },
                needed: { type: "string" },
              }),
              required: ["needed"],
            },
          }),
          "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Thing" }],
        },
      },
    },
  });
  const spelled = (spec: KubeObject) =>
    (normalise({ apiVersion: "apps/v1", kind: "Thing", metadata: { name: "a" }, spec }, schemas)
      .spec ?? null) as KubeObject;

  const table: [title: string, given: KubeObject, kept: KubeObject][] = [
    ["drops false where it means nothing", { hostNetwork: false }, {}],
    ["keeps false where it means something", { privileged: false }, { privileged: false }],
    ["keeps zero replicas", { replicas: 0 }, { replicas: 0 }],
    ["drops empty lists and maps", { args: [], limits: {} }, {}],
    ["keeps empty structures", { emptyDir: {} }, { emptyDir: {} }],
    ["drops an empty value", { value: "" }, {}],
    ["keeps an empty value that must be there", { needed: "" }, { needed: "" }],
    ["drops fields that are not there", { replica: 3 }, {}],
    [
      "spells quantities, numbers too",
      { limits: { cpu: 2, memory: "1024Mi" } },
      { limits: { cpu: "2", memory: "1Gi" } },
    ],
    [
      "leaves an object alone that does not fit",
      { replicas: "three", hostNetwork: false },
      { replicas: "three", hostNetwork: false },
    ],
    [
      "leaves an object alone with values not known yet",
      { hostNetwork: false, value: UNKNOWN },
      { hostNetwork: false, value: UNKNOWN },
    ],
  ];
  for (const [title, given, kept] of table) it(title, () => assert.deepEqual(spelled(given), kept));

  it("leaves custom resources alone but for what only the server writes", () => {
    const custom = {
      apiVersion: "a.test/v1",
      kind: "A",
      metadata: { name: "a", uid: "1", resourceVersion: "2" },
      spec: { on: false },
    };
    assert.deepEqual(normalise(custom, undefined), {
      apiVersion: "a.test/v1",
      kind: "A",
      metadata: { name: "a" },
      spec: { on: false },
    });
  });

  it("moves a Secret's text into its data", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { b: "Yg==" },
      stringData: { a: "x" },
    };
    assert.deepEqual(normalise(secret, undefined).data, { a: "eA==", b: "Yg==" });
    assert.equal(normalise(secret, undefined).stringData, undefined);
  });
});
