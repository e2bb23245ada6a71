import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { alertsReceived } from "../../policies/alerts-received";
import type { Subject } from "../../policies/support/subject";
import { judged, objectSubject, siteA, unknown, violations } from "./support/judging";

type Labels = Readonly<Record<string, unknown>>;

const alert = (labels: Labels | undefined, name = "Down") =>
  objectSubject({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "rules", namespace: "monitoring" },
    spec: { groups: [{ rules: [{ record: "a" }, { alert: name, expr: "up == 0", labels }] }] },
  });

const secret = (data: object) =>
  objectSubject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "alertmanager-config", namespace: "monitoring" },
    ...data,
  });

const config = (configuration: unknown) =>
  secret({ stringData: { "alertmanager.yaml": stringify(configuration) } });

const mail = { name: "mail", email_configs: [{ to: "a@b.example" }] };
const nobody = { name: "nobody" };
const critical = { severity: "critical", team: "platform" };

const found = (...subjects: readonly Subject[]) => violations(alertsReceived, subjects);

/** What is said of an alert by a configuration. */
const by = (configuration: unknown, labels: Labels = critical, name?: string) =>
  found(config(configuration), alert(labels, name));

const path = /^PrometheusRule monitoring\/rules: spec\.groups\[0\]\.rules\[1\] needs /;
const tellsNobody = /needs a receiver that tells somebody; given .* which tells nobody;/;

describe("alerts-received", () => {
  describe("by Alertmanager's own configuration", () => {
    for (const [title, route] of [
      ["the first receiver", { receiver: "mail" }],
      [
        "a route that fits",
        { receiver: "nobody", routes: [{ matchers: ['team="platform"'], receiver: "mail" }] },
      ],
      [
        "a route that inherits its receiver",
        { receiver: "mail", routes: [{ matchers: ["severity=~critical|warning"] }] },
      ],
      [
        "one of several that go on",
        {
          receiver: "nobody",
          routes: [
            { matchers: ['severity!="info"'], receiver: "nobody", continue: true },
            { match: { severity: "critical" }, receiver: "mail" },
          ],
        },
      ],
      [
        "an expression over a label",
        { receiver: "nobody", routes: [{ match_re: { team: "plat.*" }, receiver: "mail" }] },
      ],
    ] as const) {
      it(`lets an alert through that leads to somebody by ${title}`, () => {
        assert.deepEqual(by({ route, receivers: [mail, nobody] }), []);
      });
    }

    for (const [title, route] of [
      ["all go to nobody", { receiver: "nobody" }],
      [
        "the first route that fits goes to nobody",
        {
          receiver: "mail",
          routes: [
            { matchers: ['team="platform"'], receiver: "nobody" },
            { matchers: ['severity="critical"'], receiver: "mail" },
          ],
        },
      ],
      [
        "routes are for others",
        { receiver: "nobody", routes: [{ matchers: ['team!~"plat.*"'], receiver: "mail" }] },
      ],
      [
        "the label that a route asks for is not there",
        { receiver: "nobody", routes: [{ matchers: ['region="north"'], receiver: "mail" }] },
      ],
      [
        "a matcher cannot be read",
        { receiver: "nobody", routes: [{ matchers: ["team ~ platform"], receiver: "mail" }] },
      ],
    ] as const) {
      it(`refuses an alert where ${title}`, () => {
        const [violation = "", ...others] = by({ route, receivers: [mail, nobody] });
        assert.match(violation, path);
        assert.match(violation, tellsNobody);
        assert.deepEqual(others, []);
      });
    }

    it("refuses an alert whose receiver is not there, or has nothing to tell by", () => {
      const route = { receiver: "mail" };
      assert.match(
        by({ route, receivers: [nobody] })[0] ?? "",
        /mail, which Alertmanager does not/,
      );
      const empty = [{ name: "mail", email_configs: [] }];
      assert.match(by({ route, receivers: empty })[0] ?? "", tellsNobody);
      assert.match(by({ route: {} })[0] ?? "", /leads to none, which/);
    });

    it("reads one that is written as data", () => {
      const text = stringify({ route: { receiver: "nobody" }, receivers: [nobody] });
      const data = { "alertmanager.yaml": Buffer.from(text).toString("base64") };
      assert.match(found(secret({ data }), alert(critical))[0] ?? "", tellsNobody);
    });
  });

  it("asks nobody for the sign of life, or for what is only there to be looked up", () => {
    const nowhere = { route: { receiver: "nobody" }, receivers: [nobody] };
    assert.deepEqual(by(nowhere, critical, "Watchdog"), []);
    assert.deepEqual(by(nowhere, { severity: "info" }), []);
    const subjects = [config(nowhere), alert({ severity: "info" })];
    assert.equal(violations(alertsReceived, subjects, { settings: { silent: [] } }).length, 1);
  });

  describe("by the site's alerts, where the configuration cannot be read,", () => {
    const unread = [
      ["is not there", []],
      ["is encrypted", [secret({ stringData: { ciphertext: "v1:abc" } })]],
      ["is not known yet", [secret({ stringData: unknown })]],
      [
        "is no configuration",
        [config("text"), secret({ stringData: { "alertmanager.yaml": "[" } })],
      ],
    ] as const;
    for (const [title, subjects] of unread) {
      it(`lets an alert through that its team is told of, when it ${title}`, () => {
        assert.deepEqual(found(...subjects, alert(critical)), []);
        assert.deepEqual(found(...subjects, alert({ severity: "odd", team: "strangers" })), []);
        assert.deepEqual(found(...subjects, alert(undefined)), []);
      });

      it(`refuses one that its team is told nothing of, when it ${title}`, () => {
        const told = { critical: [], warning: [], info: [] };
        const blueprint = siteA();
        const { monitoring } = blueprint.platform;
        if (monitoring?.notification === undefined) throw new Error("site-a tells somebody");
        const teams = monitoring.notification.teams.map((team) => ({ ...team, told }));
        const notification = { ...monitoring.notification, teams };
        const platform = { ...blueprint.platform, monitoring: { ...monitoring, notification } };
        const setting = { blueprint: { ...blueprint, platform } };
        const all = [...subjects, alert(critical)];
        const [violation = ""] = violations(alertsReceived, all, setting);
        assert.match(violation, /given Down critical of team platform leads to nobody, which/);
      });
    }
  });

  it("does not take what only the figures say for a label", () => {
    const route = {
      receiver: "nobody",
      routes: [{ matchers: ["team=~.+"], receiver: "mail" }],
    };
    const configuration = { route, receivers: [mail, nobody] };
    assert.equal(by(configuration, { team: "{{ $labels.team }}" }).length, 1);
  });

  it("asks nothing of a site that tells nobody", () => {
    const blueprint = siteA();
    const { monitoring: _, ...platform } = blueprint.platform;
    const setting = { blueprint: { ...blueprint, platform } };
    const nowhere = config({ route: { receiver: "nobody" }, receivers: [nobody] });
    assert.deepEqual(violations(alertsReceived, [nowhere, alert(critical)], setting), []);
  });

  it("throws at nothing, whatever stands in objects", () => {
    fc.assert(
      fc.property(fc.anything(), (odd) => {
        const { object } = alert(critical);
        const rules = [odd, { alert: "A", labels: odd }, { alert: odd }];
        judged(alertsReceived, [
          objectSubject({ ...object, spec: odd }),
          objectSubject({ ...object, spec: { groups: [odd, { rules: odd }, { rules }] } }),
          secret({ stringData: odd, data: odd }),
          secret({ data: { "alertmanager.yaml": odd } }),
        ]);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (route, odd) => {
        const routes = [odd, { matchers: odd, match: odd, match_re: odd, routes: odd }];
        by({ route, receivers: odd });
        by({ route: { receiver: odd, routes }, receivers: [odd, { name: odd, x_configs: odd }] });
      }),
    );
  });
});
