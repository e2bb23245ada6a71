import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Watcher } from "../../cli/cluster-port/answer-text";
import { observe, type Sources } from "../../cli/observe/look";
import { type Get, getFrom } from "../../cli/observe/read";
import { observeJson, observeText } from "../../cli/observe/report";
import { notificationBlueprint } from "../../site/alerting/notification";
import type { AlertRule, RuleFile } from "../../site/alerting/rule-types";
import { watchdogAlert } from "../../site/alerting/special-labels";
import { alertsSchema } from "../../site/schema/alerts";
import { roomySite } from "../support/platform-site";
import { resolve } from "../support/sites";
import { Alertmanager } from "./support/alertmanager";
import { freePort } from "./support/loopback-server";
import { Prometheus } from "./support/prometheus";
import { HttpSink } from "./support/sinks";

const rule = (alert: string, expr: string): AlertRule => ({
  alert,
  expr,
  forSeconds: 0,
  severity: "critical",
  team: "platform",
  labels: {},
  summary: "s",
  description: "d",
  runbook: ["r"],
});

const loaded: RuleFile = {
  name: "own",
  dimension: "system",
  groups: [
    {
      name: "own",
      rules: [
        rule(watchdogAlert, "vector(1)"),
        rule("HostDown", 'up{job="hosts"} == 0'),
        // Several series on both sides: sound to read, and wrong as soon as it is looked at.
        { record: "own:wrong", expr: "up + on () up", labels: {} },
      ],
    },
  ],
};

const notLoaded: RuleFile = {
  name: "other",
  dimension: "system",
  groups: [{ name: "other", rules: [rule("NeverSeen", "vector(1)")] }],
};

/** Real Prometheus and Alertmanager: what `./sitewright observe` makes of their answers. */
describe("A look at what watches a site", function () {
  this.timeout(120_000);
  const stops: (() => unknown)[] = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  let up: string;
  let down: string;
  const missing = "127.0.0.1:1";
  let blueprint: Parameters<typeof observe>[0];
  let sources: Sources;

  before(async () => {
    const exporter = createServer((_, answer) => {
      answer.setHeader("content-type", "text/plain; version=0.0.4");
      answer.end("own_figure 1\n");
    });
    await new Promise<void>((done) => exporter.listen(0, "127.0.0.1", done));
    stops.push(() => exporter.close());
    up = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    down = `127.0.0.1:${await freePort()}`;

    const refusing = await HttpSink.start(() => ({ status: 400 }));
    const taking = await HttpSink.start();
    const grafana = await HttpSink.start(() => ({
      status: 200,
      body: [{ uid: "site-overview", title: "Overview" }],
    }));
    for (const sink of [refusing, taking, grafana]) stops.push(() => sink.stop());
    const notification = notificationBlueprint("site-t", {
      alerts: alertsSchema.parse({
        receivers: {
          desk: { kind: "webhook", url: `${taking.url}/` },
          duty: { kind: "webhook", url: `${refusing.url}/` },
        },
        teams: { platform: { critical: ["desk", "duty"], warning: [], info: [] } },
        grouping: { critical: { waitSeconds: 0 } },
      }),
      timezone: "Etc/UTC",
    });
    assert.ok(notification);
    const alertmanager = await Alertmanager.start(notification, {});
    stops.push(() => alertmanager.stop());
    const prometheus = await Prometheus.start({
      jobs: { hosts: [up, down], nobodys: [up] },
      rules: [loaded],
      alertmanager: alertmanager.url.replace("http://", ""),
    });
    stops.push(() => prometheus.stop());

    const site = roomySite();
    site.monitoring = {};
    const resolved = resolve(site).blueprint;
    const { monitoring } = resolved.platform;
    assert.ok(monitoring);
    const targets = [up, down, missing].map((address) => ({ address, labels: {} }));
    blueprint = {
      hosts: [],
      workloads: [],
      platform: {
        ...resolved.platform,
        monitoring: {
          ...monitoring,
          monitors: [],
          probing: { ...monitoring.probing, probes: [] },
          scrapes: [{ name: "hosts", job: "hosts", path: "/metrics", targets }],
          rules: [loaded, notLoaded],
          notification,
        },
      },
    };
    const at =
      (who: Watcher, url: string) =>
      <Result>(work: (get: Get) => Promise<Result>) =>
        work(getFrom(who, url));
    sources = {
      prometheus: at("Prometheus", prometheus.url),
      alertmanager: at("Alertmanager", alertmanager.url),
      grafana: at("Grafana", grafana.url),
    };
    // Until everything was looked at once, and the message to the one that refuses was given up.
    for (let tries = 0; tries < 300; tries++) {
      const { targets: seen, rules, receivers } = await observe(blueprint, sources);
      const hosts = seen?.rows.find(({ job }) => job === "hosts");
      const refused = receivers?.some(({ failed }) => failed > 0);
      if (hosts?.waiting === 0 && rules?.watchdog && rules.failing.length > 0 && refused) return;
      await sleep(200);
    }
    assert.fail("Prometheus and Alertmanager did not come so far within a minute");
  });

  it("tells one target that is up, one that is down and why, and one that is missing", async () => {
    const { targets } = await observe(blueprint, sources);
    const hosts = targets?.rows.find(({ job }) => job === "hosts");
    assert.equal(hosts?.up, 1);
    assert.equal(hosts?.expected, 3);
    assert.deepEqual(hosts?.missing, [missing]);
    assert.equal(hosts?.down.length, 1);
    assert.equal(hosts?.down[0]?.instance, down);
    assert.match(hosts?.down[0]?.error ?? "", /connection refused/);
    assert.deepEqual(targets?.unexpected, [{ job: "nobodys", targets: 1, down: 0 }]);
  });

  it("tells rules that are not loaded, that cannot be looked at, and that fire", async () => {
    const { rules } = await observe(blueprint, sources);
    assert.deepEqual(rules?.missingGroups, ["other"]);
    assert.deepEqual(
      rules?.failing.map((one) => one.rule),
      ["own:wrong"],
    );
    assert.match(rules?.failing[0]?.error ?? "", /duplicate series|many-to-many/);
    assert.deepEqual(
      rules?.firing.map(({ alert, severity, team }) => [alert, severity, team]),
      [["HostDown", "critical", "platform"]],
    );
    assert.match(rules?.firing[0]?.about ?? "", new RegExp(`instance=${down}`));
  });

  it("tells receivers that are configured, and the one whose messages were given up", async () => {
    const { receivers } = await observe(blueprint, sources);
    assert.deepEqual(
      receivers?.map(({ name, configured, failed }) => [name, configured, failed > 0]),
      [
        ["desk", true, false],
        ["duty", true, true],
      ],
    );
  });

  it("tells dashboards that Grafana lacks", async () => {
    const { dashboards } = await observe(blueprint, sources);
    assert.equal(dashboards?.present, 1);
    assert.ok(dashboards?.missing.includes("Hosts"));
  });

  it("names each fault with a next step, in words and for programs", async () => {
    const seen = await observe(blueprint, sources);
    const text = observeText(seen, {
      site: "site-t",
      paint: (_, line) => line,
      columns: 120,
    }).join("\n");
    for (const expected of [
      `machines of hosts: ${down} does not answer`,
      "start what should listen at",
      `machines of hosts: missing ${missing}`,
      "rules: the group other is not loaded",
      "receiver duty: ",
      "./sitewright alerts test site-t --receiver duty",
      "critical  HostDown",
    ]) {
      assert.ok(text.includes(expected), `${expected}\n\n${text}`);
    }
    const json = observeJson(seen, "site-t");
    assert.equal(json.ok, false);
    assert.ok(json.faults.every(({ what, why, next }) => what && why && next.length > 10));
    assert.doesNotMatch(JSON.stringify(json), /<site>/);
  });

  it("goes on where one of the three does not answer", async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    const { targets, dashboards, faults } = await observe(blueprint, {
      ...sources,
      grafana: (work) => work(getFrom("Grafana", away)),
    });
    assert.ok(targets);
    assert.equal(dashboards, undefined);
    const fault = faults.find(({ what }) => what.startsWith("Grafana's dashboards"));
    assert.match(fault?.why ?? "", /Grafana does not answer/);
    assert.match(fault?.next ?? "", /kubectl -n monitoring get pods/);
  });
});
