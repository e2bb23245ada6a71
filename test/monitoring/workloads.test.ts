import assert from "node:assert/strict";
import { workloadMonitor } from "../../components/monitoring/monitors";
import { workloadObjects } from "../../components/workload/objects";
import { blueprintWith, workloadOf } from "../support/platform-site";
import { type AnySite, monitoredSite } from "./site";

const metrics = {
  port: "http",
  path: "/figures",
  scheme: "http",
  intervalSeconds: 5,
  maxSamples: 500,
  drop: ["go_gc_.*", "process_.*"],
};

const apiOf = (change: (site: AnySite) => void = () => {}) =>
  workloadOf(
    blueprintWith(monitoredSite(change), ({ workloads }) => (workloads.api.metrics = metrics)),
    "api",
  );

describe("A workload that shows figures", () => {
  it("is read Pod by Pod under one job, within bounds, and without what it drops", () => {
    assert.deepEqual(workloadMonitor(apiOf()), {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: { name: "api", namespace: "parcels" },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "api" } },
        sampleLimit: 500,
        podMetricsEndpoints: [
          {
            port: "http",
            path: "/figures",
            scheme: "http",
            interval: "5s",
            scrapeTimeout: "5s",
            relabelings: [
              { action: "replace", targetLabel: "job", replacement: "workloads" },
              { action: "replace", targetLabel: "workload", replacement: "api" },
            ],
            metricRelabelings: [
              { action: "drop", sourceLabels: ["__name__"], regex: "go_gc_.*" },
              { action: "drop", sourceLabels: ["__name__"], regex: "process_.*" },
            ],
          },
        ],
      },
    });
  });

  it("is left alone at a site where nobody reads: there is no such kind of object", () => {
    const nouns = (change?: (site: AnySite) => void) =>
      workloadObjects(apiOf(change)).map(({ noun }) => noun);
    assert.ok(nouns().includes("monitor"));
    assert.ok(!nouns((site) => delete site.monitoring).includes("monitor"));
  });

  it("keeps its port open to who reads, where the mesh lets nobody else in without a certificate", () => {
    const strict = (site: AnySite) => {
      site.mesh = { mtls: "strict" };
      Object.assign(site.ingress, { standby: false, httpsRedirect: false });
    };
    assert.deepEqual(apiOf(strict).mesh?.plainPorts, [9898]);
    const silent = workloadOf(
      blueprintWith(monitoredSite(strict), ({ workloads }) => delete workloads.api.metrics),
      "api",
    );
    assert.deepEqual(silent.mesh?.plainPorts, []);
  });
});
