import assert from "node:assert/strict";
import { deliveryFault, logFaults } from "../../../cli/alerts/fault";
import { deliveryFigures, figuresSince } from "../../../cli/alerts/figures";
import { notificationOf, someAlerts } from "../../notification/settings";

/** As Alertmanager 0.34 shows them, shortened. */
const metrics = `# HELP alertmanager_notifications_total The total number of attempted notifications.
# TYPE alertmanager_notifications_total counter
alertmanager_notifications_total{integration="email",receiver_name="mail"} 2
alertmanager_notifications_failed_total{integration="email",reason="other",receiver_name="mail"} 0
alertmanager_notifications_failed_total{integration="webhook",reason="clientError",receiver_name="hook"} 1
alertmanager_notifications_failed_total{integration="webhook",reason="serverError",receiver_name="hook"} 3
alertmanager_notification_requests_total{integration="email",receiver_name="mail"} 2
alertmanager_notification_requests_total{integration="webhook",receiver_name="hook"} 1.2e+06
alertmanager_notification_requests_failed_total{integration="webhook",receiver_name="hook"} 7
alertmanager_notification_latency_seconds_count{integration="email",receiver_name="mail"} 2
alertmanager_build_info{version="0.34.0"} 1
`;

describe("Figures of deliveries", () => {
  it("are read by receiver", () => {
    const found = deliveryFigures(metrics);
    assert.deepEqual(Object.fromEntries(found), {
      mail: { attempts: 2, failedAttempts: 0, failed: 0, reasons: { other: 0 } },
      hook: {
        attempts: 1_200_000,
        failedAttempts: 7,
        failed: 4,
        reasons: { clientError: 1, serverError: 3 },
      },
    });
  });

  it("are not there where Alertmanager does not count by name", () => {
    assert.equal(
      deliveryFigures('alertmanager_notifications_total{integration="email"} 2\n').size,
      0,
    );
  });

  it("count from an earlier look, or anew where they began anew", () => {
    const at = (attempts: number, other: number) => ({
      attempts,
      failedAttempts: other,
      failed: other,
      reasons: { other },
    });
    assert.deepEqual(figuresSince(at(5, 1), at(7, 2)), at(2, 1));
    assert.deepEqual(figuresSince(at(5, 1), at(1, 0)), at(1, 0));
    assert.deepEqual(figuresSince(undefined, at(3, 0)), at(3, 0));
    assert.deepEqual(figuresSince(undefined, undefined), {
      ...{ attempts: 0, failedAttempts: 0, failed: 0, reasons: {} },
    });
  });
});

describe("Why a message did not arrive", () => {
  it("is what the log says last of each receiver", () => {
    const log = [
      '{"level":"WARN","msg":"Notify attempt failed, will retry later","receiver":"hook","integration":"webhook[0]","attempts":1,"err":"unexpected status code 500"}',
      '{"level":"WARN","msg":"Notify attempt failed, will retry later","receiver":"hook","integration":"webhook[0]","attempts":2,"err":"unexpected status code 503"}',
      "not JSON",
      "null",
      '{"level":"ERROR","msg":"Notify for alerts failed","err":"mail/email[0]: notify retry canceled after 6 attempts: establish connection to server: dial tcp: lookup mail.example.com: no such host"}',
      '{"level":"ERROR","msg":"Notify for alerts failed","err":"phone/webhook[0]: notify retry canceled due to unrecoverable error after 1 attempts: unexpected status code 401"}',
      '{"level":"INFO","msg":"Listening"}',
    ].join("\n");
    assert.deepEqual(Object.fromEntries(logFaults(log)), {
      hook: "unexpected status code 503",
      mail: "establish connection to server: dial tcp: lookup mail.example.com: no such host",
      phone: "unexpected status code 401",
    });
  });

  /** Receiver, what the log says, what is counted, and the next step. */
  const cases: readonly (readonly [string, string | undefined, string, RegExp])[] = [
    [
      "mail",
      "dial tcp: lookup mail.example.com: no such host",
      "other",
      /check alerts\.receivers\.mail\.smarthost, and that workers reach it/,
    ],
    [
      "mail",
      "establish TLS connection to server: tls: first record does not look like a TLS handshake",
      "other",
      /alerts\.receivers\.mail\.ca/,
    ],
    [
      "mail",
      "'require_tls' is true (default) but \"mail.example.com:587\" does not advertise the STARTTLS extension",
      "other",
      /say in alerts\.receivers\.mail\.tls/,
    ],
    [
      "mail",
      "*smtp.plainAuth auth: 535 5.7.8 wrong",
      "other",
      /check alerts\.receivers\.mail\.passwordSecret and its value/,
    ],
    [
      "mail",
      "send RCPT command: 550 no such user",
      "other",
      /check alerts\.receivers\.mail\.from and to/,
    ],
    [
      "phone",
      "unexpected status code 403",
      "clientError",
      /check alerts\.receivers\.phone\.bearerSecret and its value/,
    ],
    [
      "phone",
      "Post: x509: certificate signed by unknown authority",
      "other",
      /alerts\.receivers\.phone\.ca/,
    ],
    [
      "chat",
      "unexpected status code 404",
      "clientError",
      /check alerts\.receivers\.chat\.url: nothing takes messages there/,
    ],
    ["hook", undefined, "serverError", /look at the log of what answers at https:\/\/desk/],
    ["hook", undefined, "clientError", /what stands there does not take such messages/],
    [
      "wecom",
      "invalid APISecret for CorpID: ww0",
      "other",
      /check alerts\.receivers\.wecom\.apiSecret and its value/,
    ],
    ["wecom", "something else", "other", /kubectl -n monitoring logs/],
  ];
  for (const [name, said, reason, next] of cases) {
    it(`leads ${name} with ${said ?? reason} to a next step`, () => {
      const { receivers } = notificationOf(someAlerts());
      const receiver = receivers.find((one) => one.name === name);
      assert.ok(receiver);
      const fault = deliveryFault(receiver, said, { [reason]: 1 });
      assert.match(fault.next, next);
      assert.notEqual(fault.reason, "");
    });
  }
});
