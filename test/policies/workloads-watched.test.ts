import assert from "node:assert/strict";
import fc from "fast-check";
import { workloadsWatched } from "../../policies/workloads-watched";
import { judged, objectSubject, patchSubject, siteA, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

const apiVersion = "monitoring.coreos.com/v1";

/** A workload of the release as the site runs it. */
function workload(kind: string, name: string) {
  const labels = { "app.kubernetes.io/name": name };
  const made = deployment((object) => {
    Object.assign(object.metadata, { name });
    object.spec.template.metadata.labels = labels;
  });
  return objectSubject({ ...made, kind });
}

const rules = (...exprs: readonly unknown[]) =>
  objectSubject({
    apiVersion,
    kind: "PrometheusRule",
    metadata: { name: "rules", namespace: "monitoring" },
    spec: { groups: [{ name: "all", rules: exprs.map((expr) => ({ alert: "Down", expr })) }] },
  });

const podMonitor = (namespace: string, spec: object) =>
  objectSubject({ apiVersion, kind: "PodMonitor", metadata: { name: "m", namespace }, spec });

const probe = (labels: object) =>
  objectSubject({
    apiVersion,
    kind: "Probe",
    metadata: { name: "p", namespace: "monitoring" },
    spec: { targets: { staticConfig: { labels } } },
  });

const ofApi = { selector: { matchLabels: { "app.kubernetes.io/name": "api" } } };
const everything = rules('up{namespace=~"parcels"} == 0');
const apiProbe = probe({ namespace: "parcels", workload: "api" });
const api = workload("Deployment", "api");
const worker = workload("Deployment", "worker");
const needsAlert = /^Deployment parcels\/worker: needs at least one alert over its figures;/;

describe("workloads-watched", () => {
  it("lets a workload through that has monitor, probe and alert", () => {
    const subjects = [api, everything, apiProbe, podMonitor("parcels", ofApi)];
    assert.deepEqual(violations(workloadsWatched, subjects), []);
  });

  it("lets a workload without figures or routes through that has an alert", () => {
    assert.deepEqual(violations(workloadsWatched, [worker, everything]), []);
  });

  describe("takes for an alert about a workload", () => {
    for (const [title, kind, name, expr] of [
      ["its namespace by name", "Deployment", "worker", 'up{namespace="parcels"} > 1'],
      [
        "its namespace among others",
        "Deployment",
        "worker",
        'kube_pod_info{namespace=~"x|parcels"} > 1',
      ],
      ["its name", "Deployment", "worker", 'a{namespace="parcels",workload="worker"}'],
      ["all names but another", "Deployment", "worker", '{namespace="parcels",workload!="web"}'],
      ["its Pods", "Deployment", "worker", 'a{namespace="parcels",pod=~"worker-.+"}'],
      ["its kind", "StatefulSet", "queue", 'kube_statefulset_replicas{namespace="parcels"}'],
      ["Jobs of a CronJob", "CronJob", "report", 'kube_job_failed{namespace="parcels"}'],
      ["one of two selectors", "Deployment", "worker", 'x{y="z"} + up{namespace="parcels"}'],
    ] as const) {
      it(title, () => {
        const { findings } = judged(workloadsWatched, [workload(kind, name), rules(expr)]);
        const about = findings.filter(({ needed }) => needed.includes("alert"));
        assert.deepEqual(about, []);
      });
    }
  });

  describe("takes for no alert about a workload", () => {
    for (const [title, expr] of [
      ["one of another namespace", 'up{namespace="sorting"}'],
      ["one of all namespaces but its own", 'up{namespace!~"parcels"}'],
      ["one that names no namespace", 'up{job="kube-state-metrics"}'],
      ["one over a figure of somebody's own", 'ledger_entries_waiting{namespace="parcels"}'],
      ["one of another workload", 'a{namespace="parcels",workload="web"}'],
      ["one of another kind", 'kube_statefulset_replicas{namespace="parcels"}'],
      ["one by the name of another kind", 'a{namespace="parcels",statefulset="worker"}'],
      ["one of others' Pods", 'a{namespace="parcels",pod=~"web-.*"}'],
      ["an expression that nobody can read", 'up{namespace=~"(parcels"}'],
      ["what is no text", 17],
    ] as const) {
      it(title, () => {
        const [violation = "", ...others] = violations(workloadsWatched, [worker, rules(expr)]);
        assert.match(violation, needsAlert);
        assert.deepEqual(others, []);
      });
    }

    it("a recording", () => {
      const expr = 'up{namespace="parcels"}';
      const spec = { groups: [{ rules: [{ record: "a", expr }] }] };
      const metadata = { name: "rules", namespace: "monitoring" };
      const recording = objectSubject({ apiVersion, kind: "PrometheusRule", metadata, spec });
      assert.match(violations(workloadsWatched, [worker, recording])[0] ?? "", needsAlert);
    });
  });

  describe("refuses a workload that shows figures to nobody:", () => {
    for (const [title, ...monitors] of [
      ["no monitor at all"],
      [
        "a monitor of others' Pods",
        podMonitor("parcels", { selector: { matchLabels: { a: "b" } } }),
      ],
      ["a monitor in another namespace", podMonitor("monitoring", ofApi)],
      ["one that takes in everything", podMonitor("parcels", { selector: {} })],
    ] as const) {
      it(title, () => {
        const subjects = [api, everything, apiProbe, ...monitors];
        const [violation = "", ...others] = violations(workloadsWatched, subjects);
        assert.match(violation, /^Deployment parcels\/api: needs a PodMonitor or ServiceMonitor/);
        assert.deepEqual(others, []);
      });
    }
  });

  it("takes a monitor elsewhere that looks at its namespace, and one of its Service", () => {
    const metadata = { name: "api", namespace: "parcels", labels: { serves: "api" } };
    const spec = { selector: { "app.kubernetes.io/name": "api" } };
    const service = objectSubject({ apiVersion: "v1", kind: "Service", metadata, spec });
    const serviceMonitor = objectSubject({
      apiVersion,
      kind: "ServiceMonitor",
      metadata: { name: "m", namespace: "monitoring" },
      spec: { selector: { matchLabels: { serves: "api" } }, namespaceSelector: { any: true } },
    });
    const elsewhere = podMonitor("monitoring", {
      ...ofApi,
      namespaceSelector: { matchNames: ["parcels"] },
    });
    for (const monitors of [[service, serviceMonitor], [elsewhere]]) {
      const subjects = [api, everything, apiProbe, ...monitors];
      assert.deepEqual(violations(workloadsWatched, subjects), []);
    }
  });

  it("refuses a workload that nobody asks as its clients do", () => {
    const other = probe({ namespace: "parcels", workload: "web" });
    const subjects = [api, everything, podMonitor("parcels", ofApi), other];
    const [violation = "", ...others] = violations(workloadsWatched, subjects);
    assert.match(violation, /needs a Probe that asks it .*: https:\/\/api\.apps\.site-a\.example/);
    assert.deepEqual(others, []);
  });

  it("leaves the platform, patches and sites without monitoring alone", () => {
    const own = deployment((object) => {
      object.metadata.namespace = "monitoring";
    });
    const subjects = [objectSubject(own), patchSubject(deployment())];
    assert.deepEqual(violations(workloadsWatched, subjects), []);
    const blueprint = siteA();
    const { monitoring: _, ...platform } = blueprint.platform;
    const setting = { blueprint: { ...blueprint, platform } };
    assert.deepEqual(violations(workloadsWatched, [worker], setting), []);
  });

  it("throws at nothing, whatever stands in objects", () => {
    const kinds = ["PrometheusRule", "Probe", "PodMonitor", "ServiceMonitor"];
    fc.assert(
      fc.property(fc.anything(), (spec) => {
        const metadata = { name: "odd", namespace: "parcels" };
        const odd = kinds.map((kind) => objectSubject({ apiVersion, kind, metadata, spec }));
        const groups = { groups: [{ rules: [{ alert: spec, expr: spec }, spec] }] };
        const rule = { apiVersion, kind: "PrometheusRule", metadata, spec: groups };
        judged(workloadsWatched, [api, ...odd, objectSubject(rule)]);
      }),
    );
  });
});
