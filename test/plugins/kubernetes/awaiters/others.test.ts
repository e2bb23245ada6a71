import assert from "node:assert/strict";
import { awaiterOf } from "../../../../rehearsal/plugins/kubernetes/awaiters/awaiter-of";
import { readyConditionAwaiter } from "../../../../rehearsal/plugins/kubernetes/awaiters/ready-condition";
import type { KubeObject } from "../../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { condition, judgesRows, object, type Row, scene } from "./verdicts";

const rows: Row[] = [
  {
    title: "a Service whose endpoints are quiet",
    object: object("v1", "Service", { spec: { selector: { app: "a" } } }),
    related: {
      Endpoints: [object("v1", "Endpoints", { subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] })],
    },
    ready: true,
  },
  {
    title: "a Service whose endpoints have just changed",
    object: object("v1", "Service", { spec: { selector: { app: "a" } } }),
    related: {
      Endpoints: [object("v1", "Endpoints", { subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] })],
    },
    quietSeconds: 1,
    ready: false,
  },
  {
    title: "a Service with pods that are not ready",
    object: object("v1", "Service", { spec: { selector: { app: "a" } } }),
    related: {
      Endpoints: [
        object("v1", "Endpoints", { subsets: [{ notReadyAddresses: [{ ip: "10.0.0.1" }] }] }),
      ],
    },
    ready: false,
    reason: /does not target any Pods/,
  },
  {
    title: "a headless Service",
    object: object("v1", "Service", { spec: { clusterIP: "None", selector: { app: "a" } } }),
    ready: true,
  },
  {
    title: "a Service that names something outside",
    object: object("v1", "Service", { spec: { type: "ExternalName", selector: { app: "a" } } }),
    ready: true,
  },
  {
    title: "a Service without a selector",
    object: object("v1", "Service", { spec: { selector: {} } }),
    ready: true,
  },
  {
    title: "a load balancer without an address",
    object: object("v1", "Service", { spec: { type: "LoadBalancer" } }),
    ready: false,
    reason: /not allocated an IP address/,
  },
  {
    title: "an Ingress without an address",
    object: object("networking.k8s.io/v1", "Ingress", { spec: {} }),
    ready: false,
    reason: /ingress controller/,
  },
  {
    title: "an Ingress with an address whose service is missing, for now",
    object: object("networking.k8s.io/v1", "Ingress", {
      spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web" } } }] } }] },
      status: { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } },
    }),
    quietSeconds: 2,
    ready: false,
    reason: /unavailable target endpoint/,
  },
  {
    title: "a bound claim",
    object: object("v1", "PersistentVolumeClaim", { status: { phase: "Bound" } }),
    ready: true,
  },
  {
    title: "a claim that waits for its first pod",
    object: object("v1", "PersistentVolumeClaim", {
      spec: { storageClassName: "late" },
      status: { phase: "Pending" },
    }),
    related: {
      StorageClass: [{ metadata: { name: "late" }, volumeBindingMode: "WaitForFirstConsumer" }],
    },
    ready: true,
  },
  {
    title: "a claim of a class that is not there",
    object: object("v1", "PersistentVolumeClaim", {
      spec: { storageClassName: "none" },
      status: { phase: "Pending" },
    }),
    ready: false,
    reason: /no storage class "none"/,
  },
  {
    title: "a CRD that is served",
    object: object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      status: { conditions: [condition("Established", "True")] },
    }),
    ready: true,
  },
  {
    title: "a CRD that is not served yet",
    object: object("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ready: false,
  },
  { title: "an ordinary Secret", object: object("v1", "Secret", { type: "Opaque" }), ready: true },
  {
    title: "a token Secret without its token",
    object: object("v1", "Secret", { type: "kubernetes.io/service-account-token" }),
    ready: false,
  },
  {
    title: "a quota that has taken effect",
    object: object("v1", "ResourceQuota", {
      spec: { hard: { pods: "2" } },
      status: { hard: { pods: "2" } },
    }),
    ready: true,
  },
];

describe("Readiness of services, storage and the rest, judged from what the API says", () => {
  judgesRows(rows);

  it("kinds that only hold data are ready once they exist", () => {
    assert.equal(awaiterOf(object("v1", "ConfigMap")), undefined);
  });

  it("any kind can be judged by its Ready condition", () => {
    const of = (status: KubeObject) =>
      readyConditionAwaiter.judge(scene(object("a.test/v1", "A", { status }, { generation: 2 })));
    assert.equal(of({ conditions: [condition("Ready", "True")] }).ready, true);
    assert.equal(
      of({ conditions: [condition("Ready", "False", "x", "still busy")] }).reasons[0],
      "still busy",
    );
    assert.equal(of({ observedGeneration: 1 }).ready, false);
    assert.equal(of({}).ready, true);
  });
});
