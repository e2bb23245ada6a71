import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runTest } from "../../cli/alerts/test-command";
import { notificationBlueprint } from "../../site/alerting/notification";
import { localTime, timeOf } from "../../site/alerting/quiet-hours";
import { alertsSchema } from "../../site/schema/alerts";
import { weekdays } from "../../site/schema/week-times";
import { Alertmanager } from "./support/alertmanager";
import { freePort } from "./support/loopback-server";
import { HttpSink, localCertificate, MailSink } from "./support/sinks";

const timezone = "Asia/Shanghai";

const secrets = {
  mailPassword: "mail-password-1",
  bridgeToken: "bridge-token-1",
  robotAddress: "",
  wecomSecret: "wecom-secret-1",
};

/** A real Alertmanager with our configuration, real mail and real HTTP: what `./sitewright alerts test` sends and says. */
describe("A test of a site's receivers", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-alerts-"));
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  let mail: MailSink;
  let plainMail: MailSink;
  let bridge: HttpSink;
  let robot: HttpSink;
  let wecom: HttpSink;
  let broken: HttpSink;
  let closed: number;
  let alertmanager: Alertmanager;

  const kept = <Sink extends { stop: () => unknown }>(sink: Sink): Sink => {
    stops.push(() => sink.stop());
    return sink;
  };

  function settings(): object {
    const hour = 60;
    const { day, minute } = localTime(timezone, new Date());
    const certificate = readFileSync(join(folder, "sink.pem"), "utf8");
    return {
      receivers: {
        mail: {
          kind: "email",
          to: ["operations@example.com", "duty@example.com"],
          from: "alerts@site-t.example",
          smarthost: `localhost:${mail.port}`,
          user: "alerts",
          passwordSecret: "mailPassword",
          ca: certificate,
        },
        "plain-mail": {
          kind: "email",
          to: ["archive@example.com"],
          from: "alerts@site-t.example",
          smarthost: `127.0.0.1:${plainMail.port}`,
          tls: "none",
          sendResolved: false,
        },
        phone: {
          kind: "sms",
          to: ["+8600000000000", "13800000000"],
          url: `${bridge.url}/sms`,
          bearerSecret: "bridgeToken",
        },
        robot: { kind: "im", speaks: "dingtalk", urlSecret: "robotAddress" },
        wecom: {
          kind: "wechat",
          corpId: "ww0",
          agentId: "1000002",
          apiSecret: "wecomSecret",
          toParties: ["1", "2"],
          apiUrl: `${wecom.url}/cgi-bin`,
        },
        broken: { kind: "webhook", url: `${broken.url}/hook` },
        closed: { kind: "webhook", url: `http://127.0.0.1:${closed}/hook` },
        locked: { kind: "webhook", url: `${bridge.url}/other` },
      },
      teams: {
        platform: {
          critical: ["mail", "phone", "robot", "wecom", "broken", "closed", "locked"],
          warning: ["mail", "plain-mail"],
          // Around now, on every day that now may be where somebody waits for midnight.
          quietHours: [
            {
              days: [day, weekdays[(weekdays.indexOf(day) + 6) % 7]],
              from: timeOf((minute + 23 * hour) % (24 * hour)),
              to: timeOf((minute + hour) % (24 * hour)),
            },
          ],
        },
      },
      grouping: { critical: { waitSeconds: 0, intervalSeconds: 10 }, warning: { waitSeconds: 0 } },
    };
  }

  before(async () => {
    const certificate = localCertificate(folder);
    const login = { user: "alerts", password: secrets.mailPassword, ...certificate };
    mail = kept(await MailSink.start(login));
    plainMail = kept(await MailSink.start());
    bridge = kept(
      await HttpSink.start(({ headers }) =>
        headers.authorization === `Bearer ${secrets.bridgeToken}`
          ? { status: 200 }
          : { status: 401 },
      ),
    );
    robot = kept(await HttpSink.start());
    wecom = kept(
      await HttpSink.start(({ path }) => ({
        status: 200,
        body: path.includes("gettoken") ? { access_token: "t" } : { errcode: 0 },
      })),
    );
    broken = kept(
      await HttpSink.start(() => ({ status: 500, body: "the bridge is out of order" })),
    );
    closed = await freePort();
    alertmanager = kept(
      await Alertmanager.start(blueprint(), {
        ...secrets,
        robotAddress: `${robot.url}/send?key=1`,
      }),
    );
  });

  function blueprint() {
    const notification = notificationBlueprint("site-t", {
      alerts: alertsSchema.parse(settings()),
      timezone,
    });
    if (notification === undefined) throw new Error("no alerts");
    return notification;
  }

  async function run(names: readonly string[] | "all", json = true) {
    const notification = blueprint();
    let stdout = "";
    let stderr = "";
    const code = await runTest(
      alertmanager.pod,
      {
        notification,
        receivers: notification.receivers.filter(
          ({ name }) => names === "all" || names.includes(name),
        ),
        options: { json },
        patience: { seconds: 30, everySeconds: 0.25 },
      },
      {
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: (text) => (stderr += text) },
        env: {},
      },
    );
    return { code, stdout, stderr };
  }

  it("tells of every receiver what became of its messages, and why one did not arrive", async () => {
    const { code, stdout, stderr } = await run("all");
    assert.equal(code, 7);
    const { id, receivers, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, { site: "site-t", delivered: false });
    assert.match(id, /^[0-9a-f]{6}$/);
    const found = receivers.map(
      // biome-ignore lint/suspicious/noExplicitAny: read as JSON
      ({ name, message, recovery, reason, next }: any) => [name, message, recovery, reason, next],
    );
    assert.deepEqual(found, [
      [
        "broken",
        "failed",
        undefined,
        'unexpected status code 500: "the bridge is out of order"',
        `look at the log of what answers at ${broken.url}/hook`,
      ],
      [
        "closed",
        "failed",
        undefined,
        `Post "<redacted>": dial tcp 127.0.0.1:${closed}: connect: connection refused`,
        "check alerts.receivers.closed.url, and that workers reach it: name, route, firewall",
      ],
      [
        "locked",
        "failed",
        undefined,
        "unexpected status code 401",
        "check alerts.receivers.locked and its value",
      ],
      ["mail", "sent", "sent", undefined, undefined],
      ["phone", "sent", "sent", undefined, undefined],
      ["plain-mail", "sent", "off", undefined, undefined],
      ["robot", "sent", "sent", undefined, undefined],
      ["wecom", "sent", "sent", undefined, undefined],
    ]);
    assert.match(stderr, /^messages 1\/8 {2}/);
    assert.match(stderr, /recoveries 4\/4 {2}/);

    const summary = (name: string) => `TEST ${id}: message by ${name}, nothing has happened`;
    const [message, recovery, ...further] = mail.mails;
    assert.deepEqual(further, []);
    assert.equal(message?.subject, `[site-t] INFO: ${summary("mail")}`);
    assert.equal(recovery?.subject, `[site-t] RECOVERED: ${summary("mail")}`);
    assert.deepEqual(message?.to, ["operations@example.com", "duty@example.com"]);
    assert.deepEqual([message?.user, message?.secure], ["alerts", true]);
    assert.match(
      message?.text ?? "",
      /^\[site-t\] INFO: TEST.*\n\nTEST .*\nSeverity: INFO\nWhat it means: Somebody tests .*\nSince: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d CST\nWhat to do:\n1\. Tell .*\n2\. Nothing else\.\s*$/,
    );
    assert.match(recovery?.text ?? "", /\n\nRECOVERED: TEST[\s\S]*\nUntil: [^\n]* CST\s*$/);

    assert.deepEqual(
      plainMail.mails.map(({ subject, to }) => [subject, to]),
      [[`[site-t] INFO: ${summary("plain-mail")}`, ["archive@example.com"]]],
    );
    assert.deepEqual(
      bridge.posted.filter(({ path }) => path === "/sms").map(({ body }) => body),
      [
        { state: "INFO", status: "firing" },
        { state: "RECOVERED", status: "resolved" },
      ].map(({ state, status }) => ({
        to: ["+8600000000000", "13800000000"],
        title: `[site-t] ${state}: ${summary("phone")}`,
        text: `[site-t] ${state}: ${summary("phone")}`,
        status,
        severity: "info",
      })),
    );
    assert.deepEqual(
      robot.posted.map(({ path, body }) => [path, body.msgtype, body.text.content.split("\n")[0]]),
      [
        ["/send?key=1", "text", `[site-t] INFO: ${summary("robot")}`],
        ["/send?key=1", "text", `[site-t] RECOVERED: ${summary("robot")}`],
      ],
    );
    const sent = wecom.posted.filter(({ path }) => path.startsWith("/cgi-bin/message/send"));
    assert.deepEqual(
      sent.map(({ body }) => [body.toparty, body.agentid, body.text.content.split("\n")[0]]),
      [
        ["1|2", "1000002", `[site-t] INFO: ${summary("wecom")}`],
        ["1|2", "1000002", `[site-t] RECOVERED: ${summary("wecom")}`],
      ],
    );
    assert.equal(
      wecom.posted[0]?.path,
      `/cgi-bin/gettoken?corpid=ww0&corpsecret=${secrets.wecomSecret}`,
    );
  });

  it("ends well where everything arrives, and says so to a person", async () => {
    const { code, stdout } = await run(["robot", "phone"], false);
    assert.equal(code, 0, stdout);
    const [title, , ...table] = stdout.split("\n");
    assert.match(
      title ?? "",
      /^Test [0-9a-f]{6} of site-t: 2 of 2 receivers took all they were to$/,
    );
    assert.deepEqual(
      table.slice(0, 3).map((line) => line.replace(/ {2,}/g, "|")),
      [
        "RECEIVER|KIND|MESSAGE|RECOVERY|REACHES",
        "phone|sms|sent|sent|+8600000000000, 13800000000",
        "robot|im|sent|sent|the address in robotAddress",
      ],
    );
  });

  it("sends nothing by a receiver that the running Alertmanager does not know", async () => {
    const notification = blueprint();
    const [first] = notification.receivers;
    if (first === undefined) throw new Error("no receiver");
    const posted = broken.posted.length;
    let stdout = "";
    const code = await runTest(
      alertmanager.pod,
      {
        notification,
        receivers: [{ ...first, name: "new" }],
        options: { json: false },
      },
      { stdout: { write: (text) => (stdout += text) }, stderr: { write: () => {} }, env: {} },
    );
    assert.equal(code, 7);
    assert.match(stdout, /new +webhook +not there/);
    assert.match(stdout, /new: Alertmanager does not run with this receiver\n {2}next: deploy/);
    assert.equal(broken.posted.length, posted);
  });

  /** Alerts as Prometheus would send them. */
  async function fire(...alerts: readonly Record<string, string>[]): Promise<void> {
    const endsAt = new Date(Date.now() + 300_000).toISOString();
    await alertmanager.pod.post(
      "/api/v2/alerts",
      alerts.map((labels) => ({
        labels,
        annotations: { summary: `${labels.alertname} "here"`, runbook: "1. Look." },
        endsAt,
      })),
    );
  }

  it("is not held back by quiet hours, which hold back warnings and nothing that is critical", async () => {
    const mails = () =>
      [...mail.mails, ...plainMail.mails]
        .map(({ subject }) => subject)
        .filter((subject) => !subject.includes("TEST"));
    assert.deepEqual(mails(), []);
    await fire(
      { alertname: "QuietWarning", severity: "warning", team: "platform" },
      { alertname: "LoudFault", severity: "critical", team: "nobodys" },
    );
    for (let tries = 0; tries < 40 && mails().length === 0; tries++) await sleep(250);
    await sleep(1500);
    assert.deepEqual(mails(), ['[site-t] CRITICAL: LoudFault "here"']);
    const metrics = await alertmanager.pod.get("/metrics");
    assert.match(metrics, /notifications_suppressed_total\{reason="mute_time_interval"\} [1-9]/);
    const { code } = await run(["plain-mail"]);
    assert.equal(code, 0);
  });

  it("is not silenced, while a warning of a workload is by what is critical of it", async () => {
    const about = { namespace: "parcels", workload: "api", team: "platform" };
    await fire({ alertname: "ApiDown", severity: "critical", ...about });
    await sleep(500);
    await fire({ alertname: "ApiSlow", severity: "warning", ...about });
    await fire({ alertname: "WebSlow", severity: "warning", ...about, workload: "web" });
    await sleep(500);
    const states = JSON.parse(await alertmanager.pod.get("/api/v2/alerts"))
      .filter(({ labels }: { labels: Record<string, string> }) => labels.severity === "warning")
      .map(
        (alert: { labels: Record<string, string>; status: { inhibitedBy: readonly string[] } }) =>
          [alert.labels.alertname, alert.status.inhibitedBy.length] as const,
      );
    assert.deepEqual(Object.fromEntries(states), { ApiSlow: 1, QuietWarning: 0, WebSlow: 0 });
  });
});
