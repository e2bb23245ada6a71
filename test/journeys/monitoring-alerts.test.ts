import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { jobs, workloadJob } from "../../site/alerting/jobs";
import { notificationBlueprint } from "../../site/alerting/notification";
import { isAlert, ruleFiles } from "../../site/alerting/rule-files";
import type { RuleFile } from "../../site/alerting/rule-types";
import { watchdogAlert } from "../../site/alerting/special-labels";
import { loadSite } from "../../site/load";
import { alertsSchema } from "../../site/schema/alerts";
import { Alertmanager } from "./support/alertmanager";
import { Prometheus } from "./support/prometheus";
import { HttpSink, MailSink, type Posted } from "./support/sinks";

/** A program that shows figures: what a workload says, and whether it answers at all. */
class Figures {
  answers = true;
  ledger = 10;
  readonly #server: Server = createServer((_asked, answered) => {
    if (!this.answers) {
      answered.writeHead(503).end();
      return;
    }
    answered.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    answered.end(
      `# TYPE ledger_entries_waiting gauge\nledger_entries_waiting{pod="api-1"} ${this.ledger}\n`,
    );
  });

  async start(): Promise<void> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/**
 * The whole way of an alert: figures of a program, a real Prometheus with every rule of a sample site, a real
 * Alertmanager as that site's is configured, and what arrives by mail and by HTTP, when it begins and when it is over.
 */
describe("An alert", function () {
  this.timeout(90_000);
  const stops: (() => unknown)[] = [];
  after(async () => {
    for (const stop of stops.reverse()) await stop();
  });

  const workload = new Figures();
  const host = new Figures();
  let hook: HttpSink;
  let mail: MailSink;
  let prometheus: Prometheus;

  before(async () => {
    for (const figures of [workload, host]) {
      await figures.start();
      stops.push(() => figures.stop());
    }
    hook = await HttpSink.start();
    stops.push(() => hook.stop());
    mail = await MailSink.start();
    stops.push(() => mail.stop());

    const alertmanager = await Alertmanager.start(notification(), {});
    stops.push(() => alertmanager.stop());
    prometheus = await Prometheus.start({
      jobs: { [jobs.nodes]: [host.address], [workloadJob]: [workload.address] },
      labels: {
        [jobs.nodes]: { host: "worker-1" },
        [workloadJob]: { namespace: "parcels", workload: "api" },
      },
      externalLabels: { site: "site-a" },
      rules: ruleFiles(loadSite("site-a")).map(hurried),
      alertmanager: new URL(alertmanager.url).host,
    });
    stops.push(() => prometheus.stop());
  });

  it("has a sign of life beside it, which goes outside", async () => {
    const beat = await eventually("a heartbeat", () =>
      hook.posted.find(
        ({ path, body }) => path === "/heartbeat" && names(body).includes(watchdogAlert),
      ),
    );
    assert.equal(beat.body.status, "firing");
  });

  it("of none of the site's rules is kept back by a fault in them", async () => {
    const groups = await eventually("all rules worked out once", async () => {
      const answer = await fetch(`${prometheus.url}/api/v1/rules`);
      const { data } = (await answer.json()) as { data: { groups: Group[] } };
      // Those that are looked at once a minute, or less, may still wait for their turn.
      const soon = data.groups.filter(({ interval }) => interval < 60);
      const waiting = soon
        .flatMap((group) => group.rules)
        .some(({ health }) => health === "unknown");
      return waiting || soon.length === 0 ? undefined : data.groups;
    });
    const rules = groups.flatMap((group) => group.rules);
    assert.ok(rules.length > 150, `${rules.length} rules`);
    assert.deepEqual(
      rules.filter(({ lastError = "" }) => lastError !== ""),
      [],
    );
  });

  it("is told to those whom it concerns, by mail and by HTTP, with what to do", async () => {
    workload.ledger = 5000;
    const told = await eventually("a message by HTTP", () => about(hook, "LedgerBehind", "firing"));
    const [alert] = told.body.alerts;
    assert.deepEqual(
      { ...alert.labels, instance: undefined, job: undefined },
      {
        alertname: "LedgerBehind",
        severity: "critical",
        dimension: "service",
        team: "product",
        namespace: "parcels",
        site: "site-a",
        instance: undefined,
        job: undefined,
      },
    );
    assert.match(
      alert.annotations.summary,
      /^5000 parcels wait to be written into the ledger of parcels$/,
    );
    assert.match(alert.annotations.runbook, /^1\. Does ledger-0 run/);
    const letter = await eventually("a mail", () => mailAbout("5000 parcels wait", mail));
    assert.deepEqual(letter.to, ["product@example.com"]);
    assert.match(letter.text, /Does ledger-0 run/);
  });

  it("of a host goes to others", async () => {
    host.answers = false;
    const told = await eventually("a message by HTTP", () => about(hook, "HostDown", "firing"));
    const [alert] = told.body.alerts;
    assert.equal(alert.labels.host, "worker-1");
    assert.equal(alert.labels.team, "platform");
    assert.equal(alert.annotations.summary, "worker-1 does not answer");
    const letter = await eventually("a mail", () => mailAbout("worker-1 does not answer", mail));
    assert.deepEqual(letter.to, ["platform@example.com"]);
  });

  it("that is over is told to the same", async () => {
    const letters = mail.mails.length;
    workload.ledger = 10;
    host.answers = true;
    for (const name of ["LedgerBehind", "HostDown"]) {
      const told = await eventually(`the end of ${name}`, () => about(hook, name, "resolved"));
      assert.equal(told.body.alerts[0].status, "resolved");
    }
    const ends = await eventually("two mails", () => {
      const later = mail.mails.slice(letters);
      return later.length >= 2 ? later : undefined;
    });
    assert.deepEqual(ends.map(({ to }) => to[0]).sort(), [
      "platform@example.com",
      "product@example.com",
    ]);
  });

  /** Everybody by mail and by one address. */
  function notification() {
    const letters = (team: string) => ({
      kind: "email",
      to: [`${team}@example.com`],
      from: "alerts@site-a.example",
      smarthost: `127.0.0.1:${mail.port}`,
      tls: "none",
    });
    const soon = { waitSeconds: 1, intervalSeconds: 10, repeatMinutes: 60 };
    const told = (team: string) => ({ critical: [`${team}-mail`, "hook"], warning: [], info: [] });
    const alerts = alertsSchema.parse({
      receivers: {
        "platform-mail": letters("platform"),
        "product-mail": letters("product"),
        hook: { kind: "webhook", url: `${hook.url}/alerts` },
      },
      teams: { platform: told("platform"), product: told("product") },
      grouping: { critical: soon },
      heartbeat: { url: `${hook.url}/heartbeat`, everySeconds: 30 },
    });
    const made = notificationBlueprint("site-a", { ...loadSite("site-a").site, alerts });
    assert.ok(made);
    return made;
  }
});

interface Group {
  /** Seconds. */
  readonly interval: number;
  readonly rules: readonly { readonly health: string; readonly lastError?: string }[];
}

/** The same rules, of which two need not hold for minutes. */
function hurried(file: RuleFile): RuleFile {
  const soon = ["HostDown", "LedgerBehind"];
  return {
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) =>
        isAlert(rule) && soon.includes(rule.alert) ? { ...rule, forSeconds: 2 } : rule,
      ),
    })),
  };
}

function about(hook: HttpSink, name: string, status: string): Posted | undefined {
  return hook.posted.find(
    ({ path, body }) => path === "/alerts" && body.status === status && names(body).includes(name),
  );
}

function mailAbout(words: string, mail: MailSink) {
  return mail.mails.find(({ subject, text }) => `${subject}${text}`.includes(words));
}

// biome-ignore lint/suspicious/noExplicitAny: what Alertmanager posts
function names(body: any): readonly string[] {
  return body.alerts.map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
}

/** Asks again and again, for half a minute. */
async function eventually<Value>(
  what: string,
  ask: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  for (let tries = 0; tries < 150; tries++) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(200);
  }
  throw new Error(`no ${what} within 30 seconds`);
}
