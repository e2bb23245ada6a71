import assert from "node:assert/strict";
import { applySettings, readSettings } from "../../cli/step/harbor/settings";
import type { HarborConfiguration, HarborProject } from "../../site/platform/registry-types";
import { TestHarbor } from "../support/harbor";

const project = (differences: Partial<HarborProject> = {}): HarborProject => ({
  public: true,
  quotaGiB: "unlimited",
  immutable: {},
  ...differences,
});

const wanted: HarborConfiguration = {
  projects: {
    "2026": project({ quotaGiB: 3 }),
    builds: project({
      public: false,
      quotaGiB: 50,
      retention: {
        schedule: "0 0 1 * * *",
        rules: {
          "**:**": { latestPushedK: 10, latestPulledN: 5 },
          "team/*:v*": { latestPushedK: 3 },
        },
      },
      immutable: { "**:release-*": "immutable", "team/**:v{1,2}.*": "immutable" },
    }),
    library: project(),
  },
  robots: {
    ci: { access: { "2026": "pull", builds: "pull, push" }, days: "never", enabled: true },
    mirror: { access: { library: "pull" }, days: 30, enabled: true },
  },
  garbageCollection: { schedule: "0 0 3 * * 6", deleteUntagged: true, workers: 2 },
  scan: { schedule: "0 0 4 * * *" },
  auditPurge: { schedule: "0 30 3 * * *", keepHours: 2160, events: "create,delete,pull" },
};

const secrets = { "robot:ci": "Robot-secret-1", "robot:mirror": "Robot-secret-2" };

describe("Harbor's settings", () => {
  let harbor: TestHarbor;
  let said: string[];
  const apply = (configuration: HarborConfiguration, managed = configuration, more = {}) => {
    said = [];
    return applySettings({
      client: harbor.client(),
      question: { operation: "apply", configuration, managed },
      secrets: { ...secrets, ...more },
      say: (line) => said.push(line),
    });
  };
  const read = (managed = wanted, more = {}) =>
    readSettings({ client: harbor.client(), secrets: { ...secrets, ...more } }, managed);
  const mutations = () => harbor.asked.filter((line) => !/^(GET|HEAD)/.test(line));

  before(async () => {
    harbor = new TestHarbor();
    await harbor.start();
  });
  after(() => harbor.stop());
  beforeEach(async () => {
    await apply(wanted);
    harbor.asked.length = 0;
  });

  it("are read back exactly as they were wanted", async () => {
    assert.deepEqual(await read(), wanted);
  });

  it("are left alone by a second run", async () => {
    await apply(wanted);
    assert.deepEqual(mutations(), []);
    assert.deepEqual(said, []);
  });

  /** Each is a change by hand, the place where it shows, and how it is put back. */
  const drifts: readonly {
    readonly title: string;
    readonly change: () => Promise<unknown>;
    readonly shows: (read: HarborConfiguration) => unknown;
    readonly as: unknown;
  }[] = [
    {
      title: "a quota",
      change: async () => {
        const id = harbor.store.project("builds")?.quotaId;
        await harbor.api("PUT", `/quotas/${id}`, { hard: { storage: 1024 ** 3 } });
      },
      shows: ({ projects }) => projects.builds?.quotaGiB,
      as: 1,
    },
    {
      title: "a visibility",
      change: () => harbor.api("PUT", "/projects/builds", { metadata: { public: "true" } }),
      shows: ({ projects }) => projects.builds?.public,
      as: true,
    },
    {
      title: "a project that was deleted, of a name that looks like a number",
      change: async () => {
        const id = harbor.store.project("2026")?.id;
        return harbor.api("DELETE", `/projects/${id}`);
      },
      shows: ({ projects }) => Object.keys(projects),
      as: ["builds", "library"],
    },
    {
      title: "a retention policy that was deleted",
      change: () => {
        const id = harbor.store.project("builds")?.metadata.retention_id;
        return harbor.api("DELETE", `/retentions/${id}`);
      },
      shows: ({ projects }) => projects.builds?.retention,
      as: undefined,
    },
    {
      title: "a retention rule that Sitewright never makes",
      change: () => {
        const kept = harbor.store.project("builds");
        const rule = {
          ...{ action: "retain", template: "always", params: {}, disabled: false },
          tag_selectors: [{ kind: "doublestar", decoration: "excludes", pattern: "x" }],
          scope_selectors: {
            repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }],
          },
        };
        return harbor.api("PUT", `/retentions/${kept?.metadata.retention_id}`, {
          ...{ algorithm: "or", scope: { level: "project", ref: kept?.id } },
          ...{ trigger: { kind: "Schedule", settings: { cron: "" } }, rules: [rule] },
        });
      },
      shows: ({ projects }) => projects.builds?.retention,
      as: { schedule: "never", rules: { "by hand: repoMatches excludes **:x": { always: 0 } } },
    },
    {
      title: "an immutable rule that was removed",
      change: async () => {
        const rule = harbor.store.data.immutable[0];
        return harbor.api("DELETE", `/projects/builds/immutabletagrules/${rule?.id}`);
      },
      shows: ({ projects }) => Object.keys(projects.builds?.immutable ?? {}).length,
      as: 1,
    },
    {
      title: "a robot that was disabled",
      change: async () => {
        const robot = harbor.store.robot("robot$ci");
        const body = JSON.parse((await harbor.api("GET", `/robots/${robot?.id}`)).body);
        return harbor.api("PUT", `/robots/${robot?.id}`, { ...body, disable: true });
      },
      shows: ({ robots }) => robots.ci?.enabled,
      as: false,
    },
    {
      title: "a robot that may do more",
      change: async () => {
        const robot = harbor.store.robot("robot$mirror");
        const body = JSON.parse((await harbor.api("GET", `/robots/${robot?.id}`)).body);
        body.permissions[0].access.push({ resource: "artifact", action: "delete" });
        return harbor.api("PUT", `/robots/${robot?.id}`, body);
      },
      shows: ({ robots }) => robots.mirror?.access,
      as: { library: "artifact:delete, pull" },
    },
    {
      title: "a garbage collection that was switched off",
      change: () =>
        harbor.api("PUT", "/system/gc/schedule", { schedule: { type: "None" }, parameters: {} }),
      shows: ({ garbageCollection }) => garbageCollection,
      as: { schedule: "never" },
    },
    {
      title: "a purge of the audit log that keeps less",
      change: () =>
        harbor.api("PUT", "/system/purgeaudit/schedule", {
          schedule: { type: "Daily", cron: "0 0 0 * * *" },
          parameters: { audit_retention_hour: 1, include_event_types: "pull,create" },
        }),
      shows: ({ auditPurge }) => auditPurge,
      as: { schedule: "0 0 0 * * *", keepHours: 1, events: "create,pull" },
    },
    {
      title: "a scan at another time",
      change: () =>
        harbor.api("PUT", "/system/scanAll/schedule", {
          schedule: { type: "Custom", cron: "0 5 4 * * *" },
        }),
      shows: ({ scan }) => scan.schedule,
      as: "0 5 4 * * *",
    },
  ];
  for (const { title, change, shows, as } of drifts) {
    it(`show ${title}, and put it back`, async () => {
      const answer = (await change()) as { status?: number } | undefined;
      assert.ok((answer?.status ?? 200) < 300, JSON.stringify(answer));
      assert.deepEqual(shows(await read()), as);
      assert.deepEqual(await apply(wanted), wanted);
    });
  }

  it("give a robot the password of the site, which its making ignores", async () => {
    const { status } = await harbor.client().logIn("robot$ci", secrets["robot:ci"]);
    assert.equal(status, 200);
  });

  it("notice a robot's password that Harbor does not take, and set it without making the robot anew", async () => {
    const robot = harbor.store.robot("robot$ci");
    await harbor.api("PATCH", `/robots/${robot?.id}`, { secret: "By-hand-1" });
    assert.equal((await read()).robots.ci?.password, "refused");
    harbor.asked.length = 0;
    await apply(wanted);
    assert.deepEqual(mutations(), [`PATCH /api/v2.0/robots/${robot?.id}`]);
    assert.deepEqual(await read(), wanted);
  });

  it("disable a robot that the site no longer names, and give it back with the same number", async () => {
    const id = harbor.store.robot("robot$mirror")?.id;
    const { mirror: _gone, ...robots } = wanted.robots;
    await apply({ ...wanted, robots }, wanted);
    assert.equal(harbor.store.robot("robot$mirror")?.disable, true);
    assert.deepEqual(said, [
      "disabled the Harbor robot robot$mirror, which the site no longer names",
    ]);
    await apply(wanted);
    assert.deepEqual(
      [harbor.store.robot("robot$mirror")?.id, harbor.store.robot("robot$mirror")?.disable],
      [id, false],
    );
  });

  it("never delete a project", async () => {
    const { library } = wanted.projects;
    const only = { ...wanted, projects: { library: library as HarborProject }, robots: {} };
    await apply(only, wanted);
    assert.ok(harbor.store.project("builds"));
    assert.ok(said.some((line) => line.startsWith("the Harbor project builds stays as it is")));
    assert.ok(!mutations().some((line) => /^DELETE .*projects/.test(line)));
  });

  it("leave alone what others made", async () => {
    await harbor.api("POST", "/projects", { project_name: "others", storage_limit: 5 });
    await apply(wanted);
    assert.equal(harbor.store.project("others")?.limit, 5);
    assert.ok(!("others" in (await read()).projects));
  });

  it("find entries beyond the first page", async () => {
    for (let at = 0; at < 120; at++) {
      const [id, quotaId] = [harbor.store.id(), harbor.store.id()];
      const metadata = { public: "true" };
      harbor.store.data.projects.push({
        id,
        name: `z-${at}`,
        metadata,
        quotaId,
        limit: -1,
        blobs: {},
      });
    }
    const { library } = wanted.projects;
    const last = { ...wanted, projects: { "z-119": library as HarborProject } };
    assert.deepEqual((await read(last)).projects, { "z-119": library });
  });

  it("are for a Harbor without a scanner as well, unless they want one", async () => {
    const { scan: _scan, ...schedules } = wanted;
    const without = { ...schedules, scan: { schedule: "never" } };
    await apply(without);
    harbor.store.scanner = false;
    try {
      assert.deepEqual(await apply(without), without);
      await assert.rejects(
        apply(wanted),
        /take the schedule of the scan of all images: status 412: no scanner is configured/,
      );
    } finally {
      harbor.store.scanner = true;
    }
  });

  it("are the same with the Harbor that KubeKey installs", async () => {
    const older = new TestHarbor({ release: "2.10" });
    await older.start();
    try {
      const question = { operation: "apply", configuration: wanted, managed: wanted } as const;
      const work = { client: older.client(), question, secrets, say: () => undefined };
      assert.deepEqual(await applySettings(work), wanted);
      // It takes no authority for a second registry, and so trusts none that needs one.
      const second = {
        url: `https://localhost:${older.port}`,
        type: "harbor",
        user: "",
        when: "push",
      };
      const replication = { ...second, ...{ ca: older.authority(), repositories: "" } };
      const configuration = {
        ...wanted,
        replication: { ...replication, deletions: false, enabled: true },
      };
      await assert.rejects(
        applySettings({ ...work, question: { ...question, configuration } }),
        /reach the second registry .*unhealthy/,
      );
    } finally {
      older.stop();
    }
  });

  describe("of a second registry", () => {
    let second: TestHarbor;
    const copied = () => ({
      ...wanted,
      replication: {
        ...{ url: `https://localhost:${second.port}`, type: "harbor", user: "robot$copy" },
        ca: second.authority(),
        ...{ when: "push", repositories: "{builds,library}/**", deletions: false, enabled: true },
      },
    });
    before(async () => {
      second = new TestHarbor();
      await second.start();
    });
    after(() => second.stop());
    afterEach(async () => {
      await apply(wanted, copied());
    });

    it("are set, read back and left alone", async () => {
      await apply(copied(), copied(), { replication: "Copy-secret-1" });
      assert.deepEqual(await read(copied()), copied());
    });

    it("show a replication that was switched off, and put it back", async () => {
      await apply(copied(), copied(), { replication: "Copy-secret-1" });
      const [policy] = harbor.store.data.policies;
      await harbor.api("PUT", `/replication/policies/${policy?.id}`, { ...policy, enabled: false });
      assert.equal((await read(copied())).replication?.enabled, false);
      await apply(copied(), copied(), { replication: "Copy-secret-1" });
      assert.equal((await read(copied())).replication?.enabled, true);
    });

    it("are made anew when the second registry becomes one of another kind", async () => {
      await apply(copied(), copied(), { replication: "Copy-secret-1" });
      const replication = { ...copied().replication, type: "docker-registry" };
      const other = { ...wanted, replication };
      await apply(other, copied(), { replication: "Copy-secret-1" });
      assert.deepEqual(await read(other), other);
      assert.equal(harbor.store.data.registries.length, 1);
    });

    it("go with its password, policy first, when the site names none", async () => {
      await apply(copied(), copied(), { replication: "Copy-secret-1" });
      await apply(wanted, copied());
      assert.deepEqual([harbor.store.data.policies, harbor.store.data.registries], [[], []]);
    });

    it("are refused while it does not answer", async () => {
      const replication = { ...copied().replication, url: "https://localhost:1" };
      await assert.rejects(
        apply({ ...wanted, replication }, wanted, { replication: "x" }),
        /reach the second registry https:\/\/localhost:1: status 400: the registry is unhealthy/,
      );
    });
  });
});
