import assert from "node:assert/strict";
import fc from "fast-check";
import { prometheusRule, seconds } from "../../components/monitoring/prometheus-rule";
import { promqlFault } from "../../site/alerting/promql";
import { alertsOf, ruleFiles } from "../../site/alerting/rule-files";
import type { AlertRule } from "../../site/alerting/rule-types";
import { everyRule, everything } from "../../site/documentation/every-rule";
import type { Release } from "../../site/schema/release";
import type { Site } from "../../site/schema/site";
import { sampleSite } from "../support/sites";
import { allCases } from "./cases/all";
import { labelsUsed } from "./promtool";

const every = everyRule();
const alerts = alertsOf(every);

const sets = [
  { name: "a site with everything", files: every },
  ...(["site-a", "site-b"] as const).map((name) => ({ name, files: ruleFiles(sampleSite(name)) })),
];

for (const { name, files } of sets) {
  describe(`Rules of ${name}`, () => {
    const found = alertsOf(files);

    it("are there", () => assert.ok(found.length > 80, String(found.length)));

    it("say what happened, what it means, and what to do", () => {
      for (const { alert, summary, description, runbook, team } of found) {
        assert.ok(runbook.length > 0 && runbook.every((step) => step.trim() !== ""), alert);
        assert.ok(summary.trim() !== "" && description.trim() !== "" && team !== "", alert);
        assert.doesNotMatch(`${summary}${description}`, /undefined|\[object/, alert);
      }
    });

    it("have names of their own, alerts, groups and files", () => {
      for (const names of [
        found.map(({ alert }) => alert),
        files.flatMap(({ groups }) => groups.map((group) => group.name)),
        files.map((file) => file.name),
      ]) {
        assert.deepEqual(names, [...new Set(names)]);
      }
    });

    it("ask for nothing whose brackets are open", () => {
      for (const { alert, expr } of found) assert.equal(promqlFault(expr), undefined, alert);
    });
  });
}

describe("Rules", () => {
  it("have cases for promtool whose labels are all that their texts name", () => {
    for (const [file, cases] of Object.entries(allCases)) {
      for (const [name, { fires }] of Object.entries(cases)) {
        const alert: AlertRule | undefined = alerts.find((one) => one.alert === name);
        if (alert === undefined) assert.fail(`${file}: ${name}`);
        for (const { labels = {} } of fires) {
          const known = { ...alert.labels, ...labels };
          const lacking: readonly string[] = labelsUsed(alert).filter(
            (label) => !Object.hasOwn(known, label),
          );
          assert.deepEqual(lacking, [], name);
        }
      }
    }
  });

  const { site, release } = everything();
  const parts: readonly (readonly [part: keyof Site, file: string])[] = [
    ["storage", "ceph"],
    ["certificates", "certificates"],
    ["mesh", "mesh"],
    ["edge", "edge"],
    ["edge", "addresses"],
    ["ingress", "standby"],
    ["logging", "logging"],
    ["nightingale", "nightingale"],
    ["delivery", "delivery"],
    ["configCentre", "config-centre"],
    ["alerts", "expiries"],
  ];
  for (const [part, file] of parts) {
    it(`about ${file} are there with ${part}, and are not there without`, () => {
      const names = (one: Site) => ruleFiles({ site: one, release }).map(({ name }) => name);
      assert.ok(names(site).includes(file));
      assert.ok(!names({ ...site, [part]: undefined }).includes(file));
    });
  }

  it("are none where the site has no monitoring", () => {
    assert.deepEqual(ruleFiles({ site: { ...site, monitoring: undefined }, release }), []);
  });

  it("leave etcd out where it shows no figures", () => {
    const cluster = { ...site.cluster, kubekey: "v4.0.6" as const };
    const names = ruleFiles({ site: { ...site, cluster }, release }).map(({ name }) => name);
    assert.ok(!names.includes("etcd"));
  });

  it("have names of their own whatever the product counts and promises", () => {
    const word = fc.stringMatching(/^[a-z]{2,8}(_[a-z]{2,8}){0,2}(_total)?$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 6 }), (series) => {
        const metric = release.businessMetrics.orders_done_total;
        assert.ok(metric);
        const businessMetrics = Object.fromEntries(series.map((name) => [name, metric]));
        const other: Release = { ...release, businessMetrics };
        const groups = ruleFiles({ site, release: other }).flatMap((file) =>
          file.groups.map(({ name }) => name),
        );
        assert.deepEqual(groups, [...new Set(groups)]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("A PrometheusRule", () => {
  const [file] = every.filter(({ name }) => name === "hosts");
  assert.ok(file);
  const { spec, metadata } = prometheusRule(file);

  it("is called after its file and holds what Prometheus reads", () => {
    assert.deepEqual(metadata, { name: "hosts", namespace: "monitoring" });
    assert.deepEqual(spec.groups[0], {
      name: "hosts",
      rules: file.groups[0]?.rules.map((rule) => {
        assert.ok("alert" in rule);
        const { alert, expr, forSeconds, severity, team, summary, description, runbook } = rule;
        return {
          alert,
          expr,
          ...(forSeconds > 0 && { for: seconds(forSeconds) }),
          labels: { severity, dimension: "system", team },
          annotations: {
            summary,
            description,
            runbook: runbook.map((step, at) => `${at + 1}. ${step}`).join("\n"),
          },
        };
      }),
    });
  });

  it("says that an alert stays for a while after it held", () => {
    const rule = {
      ...alerts[0],
      alert: "Slow",
      expr: "up == 0",
      forSeconds: 90,
      keepFiringForSeconds: 300,
      severity: "info" as const,
      team: "x",
      labels: { a: "b" },
      summary: "s",
      description: "d",
      runbook: ["one"],
    };
    const made = prometheusRule({
      name: "f",
      dimension: "business",
      groups: [{ name: "g", intervalSeconds: 300, rules: [rule] }],
    });
    const [group] = made.spec.groups;
    assert.deepEqual(group, {
      name: "g",
      interval: "5m",
      rules: [
        {
          alert: "Slow",
          expr: "up == 0",
          for: "90s",
          keep_firing_for: "5m",
          labels: { a: "b", severity: "info", dimension: "business", team: "x" },
          annotations: { summary: "s", description: "d", runbook: "1. one" },
        },
      ],
    });
  });
});

describe("Expressions", () => {
  for (const { expr, fault } of [
    { expr: 'sum(rate(up{a="}"}[5m]))', fault: undefined },
    { expr: "up # a comment (", fault: undefined },
    { expr: 'up{a="\\""}', fault: undefined },
    { expr: "sum(up", fault: "a bracket that lacks its )" },
    { expr: "sum(up]", fault: "] without the bracket that it closes" },
    { expr: "up)", fault: ") without the bracket that it closes" },
    { expr: 'up{a="b}', fault: 'a text that begins with " and does not end' },
  ]) {
    it(`${fault === undefined ? "are taken" : "are refused"}: ${expr}`, () => {
      assert.equal(promqlFault(expr), fault);
    });
  }
});
