import assert from "node:assert/strict";
import fc from "fast-check";
import { anyAlerts } from "../support/any-alerts";
import { problemsOf, smallSite } from "../support/sites";
import { alertProblems, someAlerts } from "./settings";

type Alerts = ReturnType<typeof someAlerts>;

/** What is changed, and the beginning of every problem that is found then, without `sitewright:site.alerts`. */
const cases: readonly (readonly [string, (alerts: Alerts) => void, readonly string[]])[] = [
  ["nothing in alerts of every kind", () => {}, []],
  [
    "a default team that the site does not have",
    (alerts) => {
      alerts.defaultTeam = "plattform";
      alerts.teams.product.info = [];
    },
    [".defaultTeam: one of the site's teams: platform, product"],
  ],
  [
    "a team that no rule names",
    ({ teams }) => {
      teams.produkt = teams.product;
      delete teams.product;
    },
    [".teams.produkt: a team that rules of the site name: platform, product, business"],
  ],
  [
    "a receiver that there is not",
    ({ teams }) => teams.platform.warning.push("mial"),
    [".teams.platform.warning[1]: one of the site's receivers: mail, phone"],
  ],
  [
    "a receiver that is named twice",
    ({ teams }) => teams.platform.warning.push("mail"),
    [".teams.platform.warning[1]: every receiver once"],
  ],
  [
    "a receiver that nobody uses",
    ({ teams }) => teams.product.critical.pop(),
    [".receivers.wecom: a team that is told by it"],
  ],
  [
    "a receiver with a name that is ours",
    ({ receivers, teams }) => {
      receivers.nobody = receivers.hook;
      delete receivers.hook;
      teams.product.warning = ["nobody"];
    },
    [".receivers.nobody: another name"],
  ],
  [
    "a team that nobody tells of what is critical",
    ({ teams }) => {
      teams.product.warning.push(...teams.product.critical);
      teams.product.critical = [];
    },
    [".teams.product.critical: at least one receiver"],
  ],
  [
    "a default team without anybody for what is critical, once for all who rely on it",
    ({ teams }) => {
      teams.platform.info = teams.platform.critical;
      delete teams.platform.critical;
      teams.product.info = ["chat", "wecom"];
      delete teams.product.critical;
    },
    [".teams.platform.critical: at least one receiver"],
  ],
  [
    "quiet hours without a length",
    ({ teams }) => {
      teams.platform.quietHours = [{ from: "07:00", to: "07:00" }];
    },
    [".teams.platform.quietHours[0]: an end that differs from the beginning"],
  ],
  [
    "quiet hours that begin when the day is over",
    ({ teams }) => {
      teams.platform.quietHours = [{ from: "24:00", to: "07:00" }];
    },
    [".teams.platform.quietHours[0]: an end that differs from the beginning"],
  ],
  [
    "quiet hours that never end",
    ({ teams }) => {
      teams.platform.quietHours = [
        { from: "07:00", to: "06:00" },
        { from: "05:00", to: "08:00" },
      ];
    },
    [".teams.platform.quietHours: some time of the week"],
  ],
  [
    "two receivers of a list that lead to one person",
    ({ receivers, teams }) => {
      receivers.also = { ...receivers.mail, to: ["A@example.com"] };
      teams.platform.warning.push("also");
    },
    [
      ".teams.platform.warning[1]: receivers that lead to different places: mail reaches a@example.com",
    ],
  ],
  [
    "a repetition that comes before anything is looked at",
    (alerts) => {
      alerts.grouping = { critical: { intervalSeconds: 3600, repeatMinutes: 30 } };
    },
    [".grouping.critical.repeatMinutes: at least intervalSeconds, 3600 s"],
  ],
  [
    "an address that is missing, and one that is there twice",
    ({ receivers, ...alerts }) => {
      delete receivers.chat.url;
      alerts.heartbeat.url = "https://outside.example.com/ping";
    },
    [".receivers.chat: url or urlSecret", ".heartbeat: url or urlSecret"],
  ],
  [
    "half a login, and two",
    ({ receivers }) => {
      delete receivers.mail.user;
      receivers.phone.user = "u";
      receivers.phone.passwordSecret = "password";
    },
    [
      ".receivers.mail.user: a user: passwordSecret is stated",
      ".receivers.phone.bearerSecret: one way of logging in",
    ],
  ],
  [
    "secrets that go in clear",
    ({ receivers }) => {
      receivers.mail.tls = "none";
      receivers.hook.url = "http://desk.example.com/alerts";
      receivers.wecom.apiUrl = "http://proxy.example.com/cgi-bin/";
    },
    [
      ".receivers.mail.tls: TLS, since a password goes over the connection",
      ".receivers.wecom.apiUrl: https, since a secret",
      ".receivers.hook.url: https, since a secret",
    ],
  ],
  [
    "nothing in secrets in clear that somebody answers for, or that stay in the cluster",
    ({ receivers }) => {
      receivers.mail.tls = "none";
      receivers.mail.inClearBecause = "the relay stands in the same rack";
      receivers.hook.url = "http://bridge.tools.svc:8080/alerts";
      receivers.chat.url = "http://im.example.com/robot";
    },
    [],
  ],
  [
    "a reason for what needs none",
    ({ receivers }) => {
      receivers.chat.inClearBecause = "the relay stands in the same rack";
    },
    [".receivers.chat.inClearBecause: a secret that goes somewhere without TLS"],
  ],
  [
    "mail that no server can place, and the same reader twice",
    ({ receivers }) => {
      receivers.mail.from = "alerts@localhost";
      receivers.mail.to = ["a@example.com", "A@example.com"];
      receivers.mail.smarthost = "mail.example.com:70000";
    },
    [
      ".receivers.mail.from: an address with a whole domain",
      ".receivers.mail.to[1]: every address once",
      ".receivers.mail.smarthost: a TCP port",
    ],
  ],
  [
    "a message by WeCom to nobody",
    ({ receivers }) => {
      receivers.wecom.toUsers = [];
    },
    [".receivers.wecom: toUsers, toParties or toTags"],
  ],
  [
    "secrets that the stack does not have",
    ({ receivers, heartbeat }) => {
      receivers.phone.bearerSecret = "tokn";
      heartbeat.urlSecret = "elsewhere";
    },
    [
      ".receivers.phone.bearerSecret: an entry of sitewright:secrets",
      ".heartbeat.urlSecret: an entry of sitewright:secrets",
    ],
  ],
  [
    "a date that there is not, and an address with a password",
    ({ receivers, expiries }) => {
      receivers.chat.url = "https://me:word@im.example.com/robot";
      expiries.licence.date = "2027-02-30";
    },
    [
      ".receivers.chat.url: an address with its scheme and without a password",
      ".expiries.licence.date: a date in quotes",
    ],
  ],
];

describe("Cross-checks of alerts find", () => {
  for (const [title, change, wanted] of cases) {
    it(title, () => {
      const alerts = someAlerts();
      change(alerts);
      const found = alertProblems(alerts);
      const expected = wanted.map((text) => `sitewright:site.alerts${text}`);
      assert.deepEqual(
        found.map((text, at) => text.slice(0, expected[at]?.length)),
        expected,
        found.join("\n"),
      );
    });
  }

  it("alerts without monitoring", () => {
    const { monitoring: _, ...site } = { ...smallSite(), monitoring: {}, alerts: someAlerts() };
    const found = problemsOf(site, ["sshPassword", "password", "token", "address", "wechat"]);
    assert.deepEqual(found, [
      "sitewright:site.alerts: monitoring at this site, whose rules alerts come from",
    ]);
  });

  it("nothing in whatever a site may state", () => {
    fc.assert(
      fc.property(anyAlerts, (alerts) => {
        assert.deepEqual(alertProblems(alerts), []);
      }),
      { numRuns: 5 },
    );
  });
});
