import { ruleFiles } from "../alerting/rule-files";
import type { RuleFile } from "../alerting/rule-types";
import { releaseSchema } from "../schema/release";
import { siteSchema } from "../schema/site";

/** A site with everything that there are rules over, and a product with one of each promise: for the page of runbooks. */

const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
const image = `docker.io/library/sample:1@sha256:${"0".repeat(64)}`;
const namespace = "sample";

const sampleRelease = {
  release: "2026.1",
  product: "sample",
  namespaces: { [namespace]: {} },
  workloads: {
    web: {
      kind: "Deployment",
      namespace,
      image,
      resources,
      replicas: 2,
      ports: [{ name: "http", port: 8080 }],
      slo: {
        answers: { kind: "availability", objectivePercent: 99.9 },
        quick: { kind: "latency", objectivePercent: 99, thresholdMilliseconds: 500 },
        orders: {
          kind: "ratio",
          objectivePercent: 95,
          windowDays: 7,
          good: 'sum(rate(orders_total{result="done"}[5m]))',
          total: "sum(rate(orders_total[5m]))",
        },
      },
    },
    store: { kind: "StatefulSet", namespace, image, resources },
    agent: { kind: "DaemonSet", namespace, image, resources },
    setup: { kind: "Job", namespace, image, resources },
    nightly: { kind: "CronJob", namespace, image, resources, schedule: "0 2 * * *" },
  },
  businessMetrics: {
    orders_done_total: {
      help: "Orders that were carried out.",
      unit: "orders",
      workload: "web",
      kind: "counter",
      expected: { atLeast: 10, perMinutes: 60, from: "08:00", to: "18:00" },
    },
  },
};

const size = { cpus: 8, memoryGiB: 32, diskGiB: 200 };

const sampleSite = {
  release: "2026.1",
  access: { user: "deliver", passwordSecret: "sshPassword", sudo: "password" },
  hosts: [
    ...[1, 2, 3].map((number) => ({
      name: `control-${number}`,
      address: `192.0.2.1${number}`,
      roles: ["control-plane", "etcd"],
      ...size,
    })),
    ...[1, 2, 3].map((number) => ({
      name: `worker-${number}`,
      address: `192.0.2.2${number}`,
      roles: ["worker", "storage", "edge"],
      ...size,
    })),
    { name: "registry-1", address: "192.0.2.31", roles: ["registry"], ...size },
  ],
  cluster: { kubernetes: "v1.33.4", kubekey: "v3.1.12" },
  storage: {
    kind: "ceph",
    ceph: { devices: { "worker-1": [{ path: "/dev/disk/by-id/one", sizeGiB: 100 }] } },
  },
  certificates: {},
  edge: { mode: "keepalived", address: "192.0.2.40" },
  mesh: {},
  ingress: { domain: "apps.site.example" },
  logging: { output: { logstash: { hosts: ["192.0.2.70:5044"] } } },
  monitoring: { windows: { machines: { "press-1": { address: "192.0.2.80" } } } },
  alerts: {
    receivers: {},
    teams: {},
    expiries: { licence: { date: "2027-03-31" } },
  },
  nightingale: {},
  delivery: {},
  configCentre: { kind: "consul", acceptLicence: true },
};

/** What rules are made from there. */
export function everything() {
  return { site: siteSchema.parse(sampleSite), release: releaseSchema.parse(sampleRelease) };
}

/** Every kind of rule that there is. */
export function everyRule(): readonly RuleFile[] {
  return ruleFiles(everything());
}
