import assert from "node:assert/strict";
import { chosenReceivers } from "../../../cli/alerts/receivers";
import { quietText, showJson, shownOf, showText } from "../../../cli/alerts/show";
import { main } from "../../../cli/main";
import { monitoredSite, secretNames } from "../../monitoring/site";
import { notificationOf, someAlerts } from "../../notification/settings";
import { alertSecrets } from "../../support/any-alerts";
import { resolve } from "../../support/sites";

const plain = (_colour: string, text: string) => text;

function shown(change: (alerts: ReturnType<typeof someAlerts>) => void = () => {}) {
  const alerts = someAlerts();
  change(alerts);
  const site = monitoredSite((one) => {
    one.alerts = alerts;
    one.timezone = "Asia/Shanghai";
  });
  const found = resolve(site, [...secretNames, ...alertSecrets]);
  return shownOf(found, notificationOf(alerts));
}

/** One line of a text by its first word, columns apart by `|`. */
function row(lines: readonly string[], first: string): string | undefined {
  return lines.find((line) => line.startsWith(`${first} `))?.replace(/ {2,}/g, "|");
}

describe("What alerts show tells", () => {
  it("names for every team who is told of what, and when not", () => {
    const lines = showText(shown(), plain);
    assert.deepEqual(
      [row(lines, "product"), row(lines, "platform")],
      [
        "product|chat, wecom|hook|nobody|none",
        "platform (and all others)|mail, phone|mail|nobody|daily 22:00–24:00, daily 00:00–07:00 Asia/Shanghai",
      ],
    );
  });

  it("names what receivers reach, and no secret's value", () => {
    const lines = showText(shown(), plain);
    assert.deepEqual(
      ["mail", "phone", "chat", "wecom", "hook"].map((name) => row(lines, name)),
      [
        "mail|email|told|a@example.com, b@example.com",
        "phone|sms|told|+8600000000000",
        "chat|im|told|https://im.example.com/robot/1",
        "wecom|wechat|told|user lee",
        "hook|webhook|told|https://desk.example.com/alerts",
      ],
    );
    assert.ok(lines.includes("A sign of life goes to the address in address every 60 seconds."));
    assert.ok(lines.includes("licence ends on 2027-03-31; told 30 days before."));
  });

  it("takes the whole width of a terminal, and continues below where there is less", () => {
    const names = Array.from({ length: 8 }, (_, at) => `receiver-number-${at}`);
    const { notification, ...rest } = shown();
    const rules = rest.rules.slice(0, 1).map((rule) => ({ ...rule, receivers: names }));
    const lines = (columns?: number) => showText({ notification, ...rest, rules }, plain, columns);
    const whole = names.join(", ");
    assert.ok(lines(300).some((line) => line.endsWith(whole)));
    assert.ok(!lines().some((line) => line.endsWith(whole)));
    assert.ok(lines().every((line) => line.length <= 120));
  });

  it("says for every rule of the site who would be told", () => {
    const { rules, ...rest } = shown();
    const lines = showText({ rules, ...rest }, plain);
    assert.ok(rules.length > 20, `${rules.length} rules`);
    assert.equal(row(lines, "HostDown"), "HostDown|critical|system|platform|mail, phone");
    for (const { rule, team, receivers } of rules) {
      const own = rule.team === "product" ? "product" : "platform";
      assert.equal(team, own, rule.alert);
      assert.deepEqual(
        receivers,
        rest.notification.teams.find(({ name }) => name === own)?.told[rule.severity],
      );
    }
  });

  it("says where a rule's team is one that the site does not have", () => {
    const lines = showText(
      shown(({ receivers, teams }) => {
        for (const name of ["chat", "wecom", "hook"]) delete receivers[name];
        delete teams.product;
      }),
      plain,
    );
    const others = lines.filter((line) => line.includes("platform (for product)"));
    assert.ok(others.length > 0);
    assert.ok(others.every((line) => /(mail|nobody)/.test(line)));
  });

  it("is the same for programs", () => {
    const { teams, receivers, rules, ...rest } = JSON.parse(JSON.stringify(showJson(shown())));
    assert.deepEqual(rest, {
      site: "site-t",
      teller: "Alertmanager",
      language: "en",
      timezone: "Asia/Shanghai",
      heartbeat: { address: "the address in address", everySeconds: 60 },
      expiries: [{ name: "licence", date: "2027-03-31", warnDays: 30 }],
    });
    assert.deepEqual(teams[0].told, { critical: ["chat", "wecom"], warning: ["hook"], info: [] });
    assert.equal(receivers.length, 5);
    assert.deepEqual(Object.keys(rules[0]), [
      ...["alert", "severity", "dimension", "ruleTeam", "team", "receivers"],
    ]);
  });

  it("names days that are not all", () => {
    const spans = [{ days: ["saturday", "sunday"], fromMinute: 0, toMinute: 1440 }] as const;
    assert.equal(quietText(spans, "Etc/UTC"), "sat sun 00:00–24:00 Etc/UTC");
  });
});

describe("Receivers of a test", () => {
  const notification = notificationOf(someAlerts());
  const cases = [
    [{}, ["chat", "hook", "mail", "phone", "wecom"]],
    [{ receiver: "phone" }, ["phone"]],
    [{ team: "product" }, ["chat", "hook", "wecom"]],
    [{ team: "product", severity: "critical" }, ["chat", "wecom"]],
    [{ severity: "warning" }, ["hook", "mail"]],
  ] as const;
  for (const [choice, names] of cases) {
    it(`with ${JSON.stringify(choice)} are ${names.join(", ")}`, () => {
      const found = chosenReceivers(notification, choice).map(({ name }) => name);
      assert.deepEqual(found, names);
    });
  }

  it("that there are not are told, with the nearest", () => {
    assert.throws(
      () => chosenReceivers(notification, { receiver: "phon" }),
      /no receiver "phon"\n {2}next: did you mean phone\?/,
    );
    assert.throws(
      () => chosenReceivers(notification, { team: "constructor" }),
      /no team "constructor"/,
    );
    assert.throws(
      () => chosenReceivers(notification, { team: "product", severity: "info" }),
      /no receiver of the site is meant/,
    );
  });
});

/** One command line inside this process: what it printed, or the error that it ended with. */
async function run(...argv: readonly string[]): Promise<string> {
  let out = "";
  const screen = { write: (text: string) => (out += text) };
  const code = process.exitCode;
  try {
    await main(["alerts", ...argv], { stdout: screen, stderr: screen });
    return out;
  } catch (error) {
    return `${out}${(error as Error).message}`;
  } finally {
    process.exitCode = code;
  }
}

describe("The command alerts", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["explains itself", ["--help"], /alerts test site-a +a real message by every receiver/],
    ["explains a test", ["test", "--help"], /Quiet hours and silencing do not hold\nthem back/],
    ["wants a site", ["test"], /missing required argument 'site'/],
    [
      "knows severities",
      ["test", "site-a", "--severity", "page"],
      /Allowed choices are critical, warning, info/,
    ],
  ];
  for (const [title, argv, wanted] of cases) {
    it(title, async () => {
      assert.match(await run(...argv), wanted);
    });
  }
});
