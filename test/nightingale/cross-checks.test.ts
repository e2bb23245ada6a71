import assert from "node:assert/strict";
import { roomySite } from "../support/platform-site";
import { problemsOf } from "../support/sites";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
type AnySite = any;

interface Case {
  readonly title: string;
  readonly spoil: (site: AnySite) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

function sound(): AnySite {
  const site = roomySite();
  site.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
  site.certificates = {};
  site.ingress = { domain: "apps.site-t.example" };
  site.monitoring = {};
  site.nightingale = {};
  return site;
}

const receivers = {
  night: {
    kind: "email",
    to: ["night@site-t.example"],
    from: "site-t@site-t.example",
    smarthost: "mail.site-t.example:587",
    user: "site-t",
    passwordSecret: "mailPassword",
  },
};
const alerts = (more: object = {}) => ({
  receivers: { ...receivers, ...more },
  teams: { platform: { critical: ["night"], warning: [], info: [] } },
});

const external = {
  kind: "external",
  engine: "postgres",
  host: "db.site-t.example",
  user: "n9e",
  passwordSecret: "databasePassword",
};

const cases: readonly Case[] = [
  { title: "nothing in a sound site", spoil: () => {}, problems: [] },
  {
    title: "figures that nobody takes",
    spoil: (site) => {
      delete site.monitoring;
    },
    problems: ["nightingale: monitoring at the site"],
  },
  {
    title: "a database of its own without storage",
    spoil: (site) => {
      delete site.storage;
    },
    problems: ["nightingale.database: storage at the site"],
  },
  {
    title: "nothing in a site without storage and with a customer's database",
    spoil: (site) => {
      delete site.storage;
      site.nightingale.database = external;
    },
    problems: [],
  },
  {
    title: "a storage class that the site has not",
    spoil: (site) => {
      site.nightingale.database = { kind: "own", storageClass: "gold" };
    },
    problems: ["nightingale.database.storageClass: a class of the site for volumes"],
  },
  {
    title: "a name of its pages that a workload has, and pages without certificates",
    spoil: (site) => {
      site.nightingale.host = "api";
      site.nightingale.via = "gateway";
      delete site.certificates;
    },
    problems: [
      "nightingale.host: a name that nothing else has",
      "nightingale.via: ",
      "nightingale: certificates at a site with an ingress",
    ],
  },
  {
    title: "that it is to tell people whom nobody names",
    spoil: (site) => {
      site.nightingale.notifies = true;
    },
    problems: ["nightingale.notifies: alerts at the site"],
  },
  {
    title: "nothing where it tells people by what it can",
    spoil: (site) => {
      site.nightingale.notifies = true;
      site.alerts = alerts();
    },
    problems: [],
  },
  {
    title: "ways of telling people that it has not",
    spoil: (site) => {
      site.nightingale.notifies = true;
      site.alerts = alerts({
        night: { ...receivers.night, user: undefined, passwordSecret: undefined },
        day: { ...receivers.night, sendResolved: false },
        hook: { kind: "webhook", url: "https://hook.site-t.example" },
      });
      site.alerts.teams.platform.warning = ["hook", "day"];
    },
    problems: [
      "alerts.receivers.night.user: a user with a password",
      "alerts.receivers.day.sendResolved: true",
      "alerts.receivers.hook.kind: a receiver that Nightingale can tell by",
    ],
  },
];

describe("Cross-checks of Nightingale find", () => {
  for (const { title, spoil, problems } of cases) {
    it(title, () => {
      const site = sound();
      spoil(site);
      const names = ["sshPassword", "databasePassword", "mailPassword"];
      const found = problemsOf(site, names)
        .filter((text) => /^sitewright:site\.(nightingale|alerts)/.test(text))
        .map((text) => text.replace(/^sitewright:site\./, "").replace(/ +needs /, ": "));
      assert.equal(found.length, problems.length, found.join("\n"));
      for (const problem of problems) {
        assert.ok(
          found.some((text) => text.startsWith(problem)),
          `${problem}\n${found.join("\n")}`,
        );
      }
    });
  }

  it("secrets that the stack does not hold", () => {
    const site = sound();
    site.nightingale = {
      rootPasswordSecret: "rootPassword",
      database: external,
      redis: { kind: "external", host: "redis.site-t.example", passwordSecret: "redisPassword" },
    };
    const found = (names: readonly string[]) =>
      problemsOf(site, [...names]).filter((text) => text.includes("nightingale"));
    const all = ["sshPassword", "rootPassword", "databasePassword", "redisPassword"];
    assert.equal(found(["sshPassword"]).length, 3);
    assert.equal(found(all).length, 0);
  });
});
