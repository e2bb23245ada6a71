import assert from "node:assert/strict";
import {
  podLabels,
  programFault,
  programPods,
  statusOf,
} from "../../rehearsal/operators/prometheus";

const spec = {
  replicas: 2,
  image: "registry.example.com/prometheus/prometheus:v3.14.0-distroless",
  retentionSize: "43520MB",
  storage: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "50Gi" } } } } },
  secrets: ["remote-write-central"],
};

const object = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "Prometheus",
  metadata: {
    name: "monitoring-prometheus",
    namespace: "monitoring",
    creationTimestamp: "2026-11-01T00:00:00Z",
    generation: 3,
  },
  spec,
};

describe("The stand-in for Prometheus' operator", () => {
  it("starts Pods that are labelled as the real ones, with a volume for each", () => {
    const pods = programPods("prometheus", object) as typeof object & {
      spec: { [key: string]: never };
    };
    assert.equal(pods.metadata.name, "prometheus-monitoring-prometheus");
    assert.equal(pods.spec.replicas, 2);
    const { template, volumeClaimTemplates, selector } = pods.spec as unknown as {
      template: { spec: { volumes: unknown } };
      volumeClaimTemplates: readonly unknown[];
      selector: { matchLabels: object };
    };
    assert.equal(volumeClaimTemplates.length, 1);
    assert.deepEqual(template.spec.volumes, [
      { name: "secret-remote-write-central", secret: { secretName: "remote-write-central" } },
    ]);
    assert.deepEqual(selector.matchLabels, podLabels("prometheus", "monitoring-prometheus"));
  });

  it("refuses what the real one could not start", () => {
    assert.equal(programFault("prometheus", spec), undefined);
    assert.match(
      programFault("prometheus", { ...spec, image: "prometheus:latest" }) ?? "",
      /image/,
    );
    assert.match(programFault("prometheus", { ...spec, retentionSize: "43GiB " }) ?? "", /no size/);
    const affinity = { podAntiAffinity: { labels: [{ key: "app", operator: "In" }] } };
    assert.match(programFault("prometheus", { ...spec, affinity }) ?? "", /has the label app/);
  });

  it("says that it is there only once all Pods are, and never changes what did not change", () => {
    const status = (available: number, fault?: string) =>
      statusOf(object, available, fault).conditions.map(({ type, status: is }) => `${type}=${is}`);
    assert.deepEqual(status(2), ["Available=True", "Reconciled=True"]);
    assert.deepEqual(status(1), ["Available=False", "Reconciled=True"]);
    assert.deepEqual(status(0, "broken"), ["Available=False", "Reconciled=False"]);
    assert.deepEqual(statusOf(object, 2), statusOf(object, 2));
  });
});
