import assert from "node:assert/strict";
import { compareDashboards, dashboardFaults } from "../../cli/observe/dashboards";
import type { ActiveTarget, LoadedGroup } from "../../cli/observe/read";
import { compareReceivers, receiverFaults } from "../../cli/observe/receivers";
import { compareRules, ruleFaults } from "../../cli/observe/rules";
import { compareTargets, targetFaults } from "../../cli/observe/targets";
import type { ExpectedTargets } from "../../site/alerting/expected-targets";
import { notificationBlueprint } from "../../site/alerting/notification";
import type { RuleFile } from "../../site/alerting/rule-types";
import { alertsSchema } from "../../site/schema/alerts";

/** What is there against what should be. What the answers look like is the journey's affair, with the real programs. */

const target = (
  job: string,
  instance: string,
  health: ActiveTarget["health"] = "up",
  more: Partial<ActiveTarget> & { labels?: Record<string, string> } = {},
): ActiveTarget => ({
  scrapePool: "",
  scrapeUrl: "",
  lastError: "",
  ...more,
  health,
  labels: { job, instance, ...more.labels },
});

const expected = (more: Partial<ExpectedTargets>): ExpectedTargets => ({
  job: "hosts",
  what: "machines of hosts",
  labels: {},
  least: 1,
  next: "look there",
  ...more,
});

describe("Targets that are compared", () => {
  it("are up, down with the error, not asked yet, missing or nobody's", () => {
    const report = compareTargets(
      [expected({ instances: ["a:9100", "b:9100", "c:9100", "d:9100"], least: 4 })],
      [
        target("hosts", "a:9100"),
        target("hosts", "b:9100", "down", { lastError: "connection refused" }),
        target("hosts", "c:9100", "unknown"),
        target("hosts", "e:9100", "down"),
        target("other", "f:1"),
      ],
    );
    assert.deepEqual(report.rows, [
      {
        job: "hosts",
        what: "machines of hosts",
        expected: 4,
        up: 1,
        waiting: 1,
        down: [{ instance: "b:9100", error: "connection refused" }],
        missing: ["d:9100"],
        next: "look there",
      },
    ]);
    assert.deepEqual(report.unexpected, [
      { job: "hosts", targets: 1, down: 1 },
      { job: "other", targets: 1, down: 0 },
    ]);
  });

  it("that are known by number alone are missing when there are too few", () => {
    const of = (count: number) =>
      compareTargets(
        [expected({ least: 2 })],
        Array.from({ length: count }, (_, at) => target("hosts", `${at}`)),
      ).rows[0]?.missing;
    assert.deepEqual(of(0), ["2 of 2"]);
    assert.deepEqual(of(1), ["1 of 2"]);
    assert.deepEqual(of(2), []);
    assert.deepEqual(of(3), []);
  });

  it("of one job are told apart by their labels, and count once", () => {
    const workload = (name: string) =>
      expected({ job: "workloads", what: name, labels: { namespace: "parcels", workload: name } });
    const labels = (name: string) => ({ labels: { namespace: "parcels", workload: name } });
    const { rows, unexpected } = compareTargets(
      [workload("web"), workload("api")],
      [target("workloads", "1", "up", labels("web")), target("workloads", "2", "up", labels("x"))],
    );
    assert.deepEqual(
      rows.map(({ what, up, missing }) => [what, up, missing]),
      [
        ["web", 1, []],
        ["api", 0, ["1 of 1"]],
      ],
    );
    assert.deepEqual(unexpected, [{ job: "workloads", targets: 1, down: 0 }]);
  });

  const steps: readonly (readonly [error: string, next: RegExp])[] = [
    ["dial tcp 192.0.2.1:9100: connect: connection refused", /^start what should listen/],
    ["dial tcp: lookup till on 169.254.25.10:53: no such host", /known to the cluster's DNS/],
    ["context deadline exceeded", /route, firewall/],
    ["tls: failed to verify certificate: x509: unknown authority", /authority of its certificate/],
    ["server returned HTTP status 401 Unauthorized", /a login/],
    ["server returned HTTP status 404 Not Found", /correct the path/],
    ['received unsupported Content-Type ""', /something else than figures/],
    ["sample limit exceeded", /so many figures/],
    ["something else", /^ask it yourself/],
  ];
  for (const [error, next] of steps) {
    it(`have a next step for ${error}`, () => {
      const down = [{ instance: "192.0.2.1:9100", error }];
      const row = {
        job: "hosts",
        what: "w",
        expected: 1,
        up: 0,
        waiting: 0,
        missing: [],
        next: "",
      };
      const faults = targetFaults({ rows: [{ ...row, down }], unexpected: [] });
      assert.equal(faults.length, 1);
      assert.match(faults[0]?.next ?? "", next);
      assert.equal(faults[0]?.why, error);
    });
  }

  it("are no fault while they wait for their first question, or are somebody else's", () => {
    const report = compareTargets(
      [expected({ instances: ["a:1"] })],
      [target("hosts", "a:1", "unknown"), target("other", "b:1", "down")],
    );
    assert.deepEqual(targetFaults(report), []);
  });
});

const alert = (name: string) => ({
  alert: name,
  expr: "1",
  forSeconds: 0,
  severity: "warning" as const,
  team: "platform",
  labels: {},
  summary: "",
  description: "",
  runbook: [],
});

const files: readonly RuleFile[] = [
  {
    name: "hosts",
    dimension: "system",
    groups: [
      { name: "hosts", rules: [alert("HostDown"), { record: "a:b", expr: "1", labels: {} }] },
      { name: "life", rules: [alert("Watchdog")] },
    ],
  },
];

const loaded = (
  name: string,
  state = "inactive",
  more: Partial<LoadedGroup["rules"][number]> = {},
): LoadedGroup["rules"][number] => ({
  name,
  type: "alerting",
  health: "ok",
  lastError: "",
  state,
  alerts: [],
  ...more,
});

describe("Rules that are compared", () => {
  const life: LoadedGroup = { name: "life", rules: [loaded("Watchdog", "firing")] };

  it("are well when all are there, and the sign of life fires", () => {
    const report = compareRules(files, [
      { name: "hosts", rules: [loaded("HostDown"), loaded("a:b", "", { type: "recording" })] },
      life,
    ]);
    assert.deepEqual(ruleFaults(report), []);
    assert.equal(report.watchdog, true);
    assert.equal(report.rules, 3);
  });

  it("are faults when a group or a rule is not loaded, or cannot be looked at", () => {
    const report = compareRules(files, [
      { name: "hosts", rules: [loaded("HostDown", "inactive", { health: "err", lastError: "x" })] },
    ]);
    assert.deepEqual(report.missingGroups, ["life"]);
    assert.deepEqual(report.missingRules, ["a:b"]);
    assert.deepEqual(report.failing, [{ rule: "HostDown", error: "x" }]);
    assert.equal(report.watchdog, false);
    assert.equal(ruleFaults(report).length, 4);
  });

  it("show what fires, the worst first, and not the sign of life", () => {
    const firing = (name: string, severity: string) =>
      loaded(name, "firing", {
        alerts: [
          { state: "pending", labels: {} },
          {
            state: "firing",
            labels: { alertname: name, severity, team: "platform", instance: "a" },
          },
        ],
      });
    const report = compareRules(files, [
      { name: "hosts", rules: [firing("Later", "info"), firing("HostDown", "critical")] },
      { name: "life", rules: [firing("Watchdog", "info")] },
    ]);
    assert.deepEqual(report.firing, [
      { alert: "HostDown", severity: "critical", team: "platform", about: "instance=a" },
      { alert: "Later", severity: "info", team: "platform", about: "instance=a" },
    ]);
  });
});

describe("Receivers that are compared", () => {
  const notification = notificationBlueprint("site-t", {
    alerts: alertsSchema.parse({
      receivers: {
        desk: { kind: "webhook", url: "http://192.0.2.5:8080/" },
        duty: { kind: "webhook", url: "http://192.0.2.6:8080/" },
      },
      teams: { platform: { critical: ["desk", "duty"], warning: ["desk"], info: [] } },
    }),
    timezone: "Etc/UTC",
  });

  it("are faults when they are not configured, or messages were given up", () => {
    const rows = compareReceivers(
      notification,
      ["desk", "nobody"],
      'alertmanager_notification_requests_total{integration="webhook",receiver_name="desk"} 3\nalertmanager_notifications_failed_total{integration="webhook",reason="clientError",receiver_name="desk"} 2\n',
    );
    assert.deepEqual(
      rows.map(({ name, configured, failed, attempts }) => [name, configured, failed, attempts]),
      [
        ["desk", true, 2, 3],
        ["duty", false, 0, 0],
      ],
    );
    const faults = receiverFaults(rows);
    assert.deepEqual(
      faults.map(({ what }) => what),
      [
        "receiver desk: 2 messages were given up, after 3 attempts in all",
        "receiver duty is not configured",
      ],
    );
    assert.equal(faults[0]?.why, "it refused the message");
  });
});

describe("Dashboards that are compared", () => {
  const one = (uid: string) => ({
    uid,
    title: uid.toUpperCase(),
    description: "",
    folder: "",
    variables: [],
    rows: [],
    links: [],
  });

  it("are missing when Grafana does not have them; what it has besides is its own", () => {
    const report = compareDashboards([one("a"), one("b")], ["b", "c"]);
    assert.deepEqual(report, { expected: 2, present: 1, missing: ["A"] });
    assert.match(dashboardFaults(report)[0]?.what ?? "", /lacks 1 of 2 dashboards: A/);
    assert.deepEqual(dashboardFaults(compareDashboards([one("a")], ["a"])), []);
  });
});
