import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { configFiles, fileValues } from "../../components/monitoring/alertmanager";
import { anyAlerts } from "../support/any-alerts";
import { notificationOf, someAlerts } from "./settings";

// biome-ignore lint/suspicious/noExplicitAny: read as YAML
function configOf(alerts: unknown, timezone?: string): any {
  return parse(configFiles(notificationOf(alerts, timezone))["alertmanager.yaml"] ?? "");
}

const secrets = {
  password: "geheim-password",
  token: "geheim-token\n",
  address: "https://geheim.example.com/x",
  wechat: "geheim-wechat",
};

/** Options that version 0.93 of the Prometheus operator reads; it refuses a configuration with any other. */
const known: Readonly<Record<string, readonly string[]>> = {
  route: [
    "receiver",
    "group_by",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "matchers",
    "routes",
    "continue",
    "mute_time_intervals",
  ],
  inhibition: ["source_matchers", "target_matchers", "equal"],
  receiver: ["name", "email_configs", "webhook_configs", "wechat_configs"],
  email: [
    "send_resolved",
    "to",
    "from",
    "smarthost",
    "auth_username",
    "auth_password_file",
    "require_tls",
    "force_implicit_tls",
    "tls_config",
    "headers",
    "html",
    "text",
  ],
  webhook: ["send_resolved", "url", "url_file", "http_config", "max_alerts", "payload"],
  wechat: [
    "send_resolved",
    "api_url",
    "api_secret_file",
    "corp_id",
    "agent_id",
    "to_user",
    "to_party",
    "to_tag",
    "message_type",
    "message",
    "http_config",
  ],
};

function onlyKnown(kind: string, value: object): void {
  const stray = Object.keys(value).filter((key) => !known[kind]?.includes(key));
  assert.deepEqual(stray, [], kind);
}

// biome-ignore lint/suspicious/noExplicitAny: read as YAML
function eachRoute(route: any, look: (route: any, depth: number) => void, depth = 0): void {
  look(route, depth);
  for (const inner of route.routes ?? []) eachRoute(inner, look, depth + 1);
}

describe("Alertmanager's configuration", () => {
  it("says of every receiver whether it is told of recoveries, and uses no option that the operator lacks", () => {
    fc.assert(
      fc.property(anyAlerts, (alerts) => {
        const { route, receivers, inhibit_rules } = configOf(alerts);
        eachRoute(route, (one) => onlyKnown("route", one));
        for (const one of inhibit_rules) onlyKnown("inhibition", one);
        for (const receiver of receivers) {
          onlyKnown("receiver", receiver);
          for (const kind of ["email", "webhook", "wechat"]) {
            for (const config of receiver[`${kind}_configs`] ?? []) {
              onlyKnown(kind, config);
              assert.equal(typeof config.send_resolved, "boolean", receiver.name);
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("holds no secret: they stand in files, each of which it names", () => {
    const notification = notificationOf(someAlerts());
    const texts = Object.values(configFiles(notification)).join("\n");
    assert.doesNotMatch(texts, /geheim/);
    const files = fileValues(notification, secrets);
    assert.deepEqual(files, {
      "hook.password": "geheim-password",
      "mail.password": "geheim-password",
      "mail.ca.pem": someAlerts().receivers.mail.ca,
      "phone.url": "https://geheim.example.com/x",
      "phone.token": "geheim-token",
      "wecom.api-secret": "geheim-wechat",
      "heartbeat.url": "https://geheim.example.com/x",
    });
    const named = [...texts.matchAll(/\/etc\/alertmanager\/secrets\/alertmanager-files\/(\S+)/g)];
    assert.deepEqual(named.map(([, file]) => file).sort(), Object.keys(files).sort());
  });

  it("is not made with a secret that is empty, or an address that is none", () => {
    const notification = notificationOf(someAlerts());
    assert.throws(
      () => fileValues(notification, { ...secrets, token: " \n" }),
      /alerts need the secret token, and the stack has no value\n {2}next: set one under sitewright:secrets\.token/,
    );
    for (const address of [
      "geheim",
      "https://geheim.example.com/a b",
      "ftp://geheim.example.com",
    ]) {
      assert.throws(
        () => fileValues(notification, { ...secrets, address }),
        (error: Error) =>
          /as the secret address/.test(error.message) && !/geheim/.test(error.message),
      );
    }
  });

  it("tries the ways of tests first, at once and each on its own", () => {
    const { route } = configOf(someAlerts());
    assert.deepEqual(
      route.routes.slice(0, 6).map((one: object) => ({ ...one })),
      [
        ...["chat", "hook", "mail", "phone", "wecom"].map((receiver) => ({
          matchers: [`sitewright_test="${receiver}"`],
          receiver,
          group_by: ["..."],
          group_wait: "0s",
          group_interval: "10s",
          repeat_interval: "1d",
        })),
        { matchers: ['sitewright_test!=""'], receiver: "nobody" },
      ],
    );
  });

  it("sends the sign of life as often as the site says, and never that it is over", () => {
    const alerts = someAlerts();
    alerts.heartbeat.everySeconds = 120;
    const { route, receivers } = configOf(alerts);
    const way = route.routes.find(({ receiver }: { receiver: string }) => receiver === "heartbeat");
    assert.deepEqual(way, {
      matchers: ['alertname="Watchdog"'],
      receiver: "heartbeat",
      group_by: ["alertname"],
      group_wait: "0s",
      group_interval: "120s",
      repeat_interval: "60s",
    });
    const beat = receivers.find(({ name }: { name: string }) => name === "heartbeat");
    assert.equal(beat.webhook_configs[0].send_resolved, false);
    delete alerts.heartbeat;
    const without = configOf(alerts).route.routes[6];
    assert.deepEqual(without, { matchers: ['alertname="Watchdog"'], receiver: "nobody" });
  });

  it("holds back all but what is critical in a team's quiet hours, and only on routes that may be", () => {
    const { route, time_intervals } = configOf(someAlerts());
    const muted: string[] = [];
    eachRoute(route, (one, depth) => {
      if (one.mute_time_intervals === undefined) return;
      assert.ok(depth > 1);
      muted.push(`${one.matchers?.[0] ?? "all else"}: ${one.mute_time_intervals}`);
    });
    assert.deepEqual(muted, ['severity="info": quiet-platform', "all else: quiet-platform"]);
    const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const part = (start_time: string, end_time: string) => ({
      weekdays: days,
      times: [{ start_time, end_time }],
      location: "Asia/Shanghai",
    });
    assert.deepEqual(time_intervals, [
      {
        name: "quiet-platform",
        time_intervals: [part("22:00", "24:00"), part("00:00", "07:00")],
      },
    ]);
    const [{ time_intervals: spans }] = configOf(someAlerts(), "Etc/UTC").time_intervals;
    assert.equal(spans[0].location, "UTC");
  });

  it("lets the default team have what no other team is named for", () => {
    const { routes } = configOf(someAlerts()).route;
    assert.deepEqual(
      routes.slice(-2).map(({ matchers }: { matchers?: readonly string[] }) => matchers),
      [['team="product"'], undefined],
    );
  });

  it("takes no machine beside the cluster for a node whose Pods are missing", () => {
    const { inhibit_rules } = configOf(someAlerts());
    const rule = inhibit_rules.find(({ source_matchers }: { source_matchers: readonly string[] }) =>
      source_matchers.some((cause) => cause.includes("HostDown")),
    );
    assert.deepEqual(rule.source_matchers.slice(1), [
      'alertname=~"HostDown|NodeNotReady"',
      'job!~"hosts|windows"',
    ]);
  });

  it("neither silences tests nor by them", () => {
    const { inhibit_rules } = configOf(someAlerts());
    assert.ok(inhibit_rules.length > 3);
    for (const { source_matchers, target_matchers } of inhibit_rules) {
      assert.equal(source_matchers[0], 'sitewright_test=""');
      assert.equal(target_matchers[0], 'sitewright_test=""');
    }
  });
});
