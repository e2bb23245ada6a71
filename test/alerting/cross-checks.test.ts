import assert from "node:assert/strict";
import { problemsWith, roomySite } from "../support/platform-site";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
type Any = any;

const site = (change: (site: Any) => void = () => {}) => {
  const made = roomySite();
  made.mesh = {};
  made.certificates = {};
  made.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
  made.monitoring = { retentionDays: 30, sizeGiB: 10 };
  change(made);
  return made;
};

const objective = { objectivePercent: 99.9, windowDays: 30, fewestFailures: 5 };
const availability = { kind: "availability", ...objective };
const rule = {
  dimension: "business",
  expr: "up == 0",
  forMinutes: 5,
  severity: "warning",
  labels: {},
  summary: "s",
  description: "d",
  runbook: ["one"],
};
const metric = { help: "h", unit: "parcels", workload: "api", kind: "counter" };

interface Case {
  readonly title: string;
  readonly site?: (site: Any) => void;
  readonly release: (release: Any) => void;
  /** Beginning of what is found; absent: nothing. */
  readonly problem?: string;
}

const cases: readonly Case[] = [
  {
    title: "an objective of the mesh at a site with one",
    release: (release) => {
      release.workloads.api.slo = { answers: availability };
    },
  },
  {
    title: "an objective of the mesh at a site without one",
    site: (one) => {
      delete one.mesh;
    },
    release: (release) => {
      release.workloads.api.slo = { answers: availability };
    },
    problem: "release workloads.api.slo.answers: a proxy of the mesh beside its Pods",
  },
  {
    title: "the same where nobody watches anything",
    site: (one) => {
      delete one.mesh;
      delete one.monitoring;
    },
    release: (release) => {
      release.workloads.api.slo = { answers: availability };
    },
  },
  {
    title: "an objective of a workload whose requests the mesh does not know",
    release: (release) => {
      release.workloads.api.ports = [{ name: "tcp-x", port: 9898 }];
      release.workloads.api.expose = [];
      release.workloads.api.metrics = undefined;
      release.workloads.api.slo = { answers: availability };
    },
    problem: "release workloads.api.slo.answers: a port of api that speaks http, http2, grpc",
  },
  {
    title: "an objective of figures of one's own, whatever the site has",
    site: (one) => {
      delete one.mesh;
    },
    release: (release) => {
      release.workloads.worker.slo = {
        done: { kind: "ratio", ...objective, good: "sum(a)", total: "sum(b)" },
      };
    },
  },
  {
    title: "an objective whose expression is not closed",
    release: (release) => {
      release.workloads.worker.slo = {
        done: { kind: "ratio", ...objective, good: "sum(a", total: "sum(b)" },
      };
    },
    problem: "release workloads.worker.slo.done.good: an expression of PromQL",
  },
  {
    title: "an objective of more days than figures are kept",
    release: (release) => {
      release.workloads.api.slo = { answers: { ...availability, windowDays: 60 } };
    },
    problem: "site monitoring.retentionDays: at least 60, the days of objective answers of api",
  },
  {
    title: "a rule of one's own",
    release: (release) => {
      release.rules = { ParcelsLost: rule };
    },
  },
  {
    title: "a rule under a name of ours",
    release: (release) => {
      release.rules = { HostDown: rule };
    },
    problem: "release rules.HostDown: another name",
  },
  {
    title: "a rule under the name that is made for a figure",
    release: (release) => {
      release.rules = { ParcelsMissing: rule };
      release.businessMetrics = { parcels_total: metric };
    },
    problem: "release rules.ParcelsMissing: another name",
  },
  {
    title: "a rule whose expression is not closed",
    release: (release) => {
      release.rules = { ParcelsLost: { ...rule, expr: 'up{a="b}' } };
    },
    problem: "release rules.ParcelsLost.expr: an expression of PromQL",
  },
  {
    title: "a rule that sets what messages are routed by",
    release: (release) => {
      release.rules = { ParcelsLost: { ...rule, labels: { team: "x" } } };
    },
    problem: "release rules.ParcelsLost.labels.team: a label of its own",
  },
  {
    title: "a figure of a workload that is read",
    release: (release) => {
      release.businessMetrics = { parcels_total: metric };
    },
  },
  {
    title: "a figure of a workload that is not there",
    release: (release) => {
      release.businessMetrics = { parcels_total: { ...metric, workload: "apy" } };
    },
    problem: "release businessMetrics.parcels_total.workload: a workload of the release",
  },
  {
    title: "a figure of a workload that nobody reads",
    release: (release) => {
      release.businessMetrics = { parcels_total: { ...metric, workload: "worker" } };
    },
    problem: "release businessMetrics.parcels_total.workload: a workload with metrics",
  },
  {
    title: "a figure that is expected from evening to morning",
    release: (release) => {
      const expected = { atLeast: 1, perMinutes: 60, days: ["monday"], from: "20:00", to: "06:00" };
      release.businessMetrics = { parcels_total: { ...metric, expected } };
    },
    problem: "release businessMetrics.parcels_total.expected.to: a time after 20:00",
  },
];

describe("Cross-checks of rules", () => {
  for (const { title, site: changeSite, release, problem } of cases) {
    it(`${problem === undefined ? "let pass" : "find"} ${title}`, () => {
      const found = problemsWith(site(changeSite), release);
      const wanted = problem === undefined ? [] : [problem];
      assert.deepEqual(
        found.map((text, at) => text.slice(0, wanted[at]?.length)),
        wanted,
        found.join("\n"),
      );
    });
  }
});
