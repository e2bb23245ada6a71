import assert from "node:assert/strict";
import { isHarborSchedule } from "../../site/harbor-schedule";
import { type Case, describeCases } from "../support/cross-check-cases";
import { problemsOf, resolve, smallSite } from "../support/sites";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const registry: readonly Case[] = [
  {
    title: "a quota of nothing, and one below it",
    spoil: (site) => {
      site.registry = { projects: { one: { quotaGiB: 0 }, two: { quotaGiB: -5 } } };
    },
    problems: [
      "registry.projects.one.quotaGiB: GiB as a whole number from 1",
      "registry.projects.two.quotaGiB: GiB as a whole number from 1",
    ],
  },
  {
    title: "a robot's mistyped project, and the same one twice",
    spoil: (site) => {
      const projects = ["biulds", "builds", "builds"];
      site.registry = { projects: { builds: {} }, robots: { ci: { projects } } };
    },
    problems: [
      "registry.robots.ci.projects[0]: a project listed under registry.projects",
      "registry.robots.ci.projects[2]: another project",
    ],
  },
  {
    title: "a robot without projects, and one that Harbor cannot name",
    spoil: (site) => {
      site.registry = { robots: { ci: { projects: [] }, "a+b": { projects: ["x"] } } };
    },
    problems: [
      "registry.robots.ci.projects: at least one project",
      'registry.robots["a+b"]: as its key a robot',
    ],
  },
  {
    title: "a robot's secret that is not there",
    spoil: (site) => {
      const robots = { ci: { projects: ["builds"], secret: "sshPasswort" } };
      site.registry = { projects: { builds: {} }, robots };
    },
    problems: ["registry.robots.ci.secret: an entry of sitewright:secrets"],
  },
  {
    title: "a project's name in capitals",
    spoil: (site) => {
      site.registry = { projects: { Builds: {} } };
    },
    problems: ["registry.projects.Builds: as its key a Harbor project"],
  },
  {
    title: "retention that keeps nothing, and two rules for one scope",
    spoil: (site) => {
      const same = { tags: "v*", pushed: 3 };
      site.registry = {
        projects: {
          one: { retention: { rules: [{ tags: "v*" }] } },
          two: { retention: { rules: [] } },
          three: { retention: { rules: [same, { ...same, pushed: 4 }] } },
        },
      };
    },
    problems: [
      "registry.projects.one.retention.rules[0]: pushed, pulled or both",
      "registry.projects.two.retention.rules: at least one rule",
    ],
  },
  {
    title: "two retention rules for one scope, and two immutable ones",
    spoil: (site) => {
      const rules = [{ pushed: 3 }, { repositories: "**", pushed: 4 }];
      site.registry = { projects: { one: { retention: { rules }, immutable: [{}, {}] } } };
    },
    problems: [
      "registry.projects.one.retention.rules[1]: other repositories or tags",
      "registry.projects.one.immutable[1]: other repositories or tags",
    ],
  },
  {
    title: "more numbers to keep than Harbor takes",
    spoil: (site) => {
      const rules = Array.from({ length: 8 }, (_, at) => ({
        tags: `v${at}`,
        pushed: 1,
        pulled: 1,
      }));
      site.registry = { projects: { one: { retention: { rules } } } };
    },
    problems: ["registry.projects.one.retention.rules: at most 15 numbers to keep"],
  },
  {
    title: "schedules of five fields, and too many workers",
    spoil: (site) => {
      site.registry = {
        garbageCollection: { schedule: "0 3 * * 6", workers: 11 },
        scan: { schedule: "always" },
        audit: { schedule: "30 0 3 * * *", events: [] },
      };
    },
    problems: [
      "registry.garbageCollection.schedule: never, or six fields",
      "registry.garbageCollection.workers: workers: a whole number from 1 to 5",
      "registry.scan.schedule: never, or six fields",
      "registry.audit.schedule: never, or six fields",
      "registry.audit.events: at least one event",
    ],
  },
  {
    title: "a second registry without a scheme",
    spoil: (site) => {
      site.registry = { replication: { url: "harbor.example.com" } };
    },
    problems: ["registry.replication.url: an address with its scheme"],
  },
  {
    title: "half a login to a second registry, and one that copies every minute",
    spoil: (site) => {
      const url = "http://harbor.example.com";
      site.registry = { replication: { url, ca: pem, user: "copy", when: "0 * * * * *" } };
    },
    problems: [
      "registry.replication.passwordSecret: both user and passwordSecret",
      "registry.replication.ca: an https address",
      "registry.replication.when: a minute",
    ],
  },
];

describeCases("the registry", registry);

describe("A registry's settings", () => {
  it("have defaults that need nothing in the site file", () => {
    const { harbor } = resolve(smallSite()).blueprint;
    assert.deepEqual(harbor.configuration.robots, {});
    assert.equal(harbor.configuration.replication, undefined);
    assert.deepEqual(harbor.configuration.garbageCollection, {
      schedule: "0 0 3 * * 6",
      deleteUntagged: false,
      workers: 1,
    });
    assert.deepEqual(harbor.configuration.projects.calico, {
      public: true,
      quotaGiB: "unlimited",
      immutable: {},
    });
  });

  it("keep nothing of what Harbor forgets without a schedule", () => {
    const site = smallSite();
    site.registry = { garbageCollection: { schedule: "never" }, audit: { schedule: "never" } };
    const { garbageCollection, auditPurge } = resolve(site).blueprint.harbor.configuration;
    assert.deepEqual(
      [garbageCollection, auditPurge],
      [{ schedule: "never" }, { schedule: "never" }],
    );
  });

  it("are told by project and scope", () => {
    const site = smallSite();
    site.registry = {
      projects: {
        builds: {
          retention: {
            rules: [
              { pushed: 10, pulled: 2 },
              { tags: "v*", pushed: 3 },
            ],
          },
          immutable: [{ repositories: "team/**" }],
        },
      },
      replication: { url: "https://harbor.example.com", projects: ["builds"] },
    };
    const { projects, replication } = resolve(site).blueprint.harbor.configuration;
    assert.deepEqual(projects.builds?.retention, {
      schedule: "0 0 1 * * *",
      rules: { "**:**": { latestPushedK: 10, latestPulledN: 2 }, "**:v*": { latestPushedK: 3 } },
    });
    assert.deepEqual(projects.builds?.immutable, { "team/**:**": "immutable" });
    assert.equal(replication?.repositories, "builds/**");
  });

  it("name their secrets among the site's", () => {
    const site = smallSite();
    const { robots } = { robots: { ci: { projects: ["builds"], secret: "ciPassword" } } };
    site.registry = { projects: { builds: {} }, robots };
    const { secretNames } = resolve(site, ["sshPassword", "ciPassword"]).blueprint;
    assert.deepEqual(secretNames, ["ciPassword", "sshPassword"]);
    assert.equal(problemsOf(site, ["sshPassword"]).length, 1);
  });
});

describe("Harbor's schedules", () => {
  for (const [schedule, good] of [
    ["0 0 2 * * *", true],
    ["0 */15 * * * *", true],
    ["0 0 2 * * sun", true],
    ["0 2 * * *", false],
    ["5 0 2 * * *", false],
    ["0 @daily", false],
    ["0 0 2 * * 8", false],
    ["", false],
  ] as const) {
    it(`${good ? "take" : "refuse"} "${schedule}"`, () => {
      assert.equal(isHarborSchedule(schedule), good);
    });
  }
});
