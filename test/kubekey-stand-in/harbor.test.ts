import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApiQuestion } from "../../cli/step/api-client";
import { Access } from "../../rehearsal/kubekey/harbor/access";
import { matches } from "../../rehearsal/kubekey/harbor/pattern";
import { actionOf, registryPath, shown } from "../../rehearsal/kubekey/harbor/registry-front";
import { Store } from "../../rehearsal/kubekey/harbor/store";
import { TestHarbor } from "../support/harbor";

type Method = ApiQuestion["method"];

/** A rule of every tag that looks like a release. */
const rule = {
  ...{ action: "immutable", template: "immutable_template", disabled: false },
  tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "v*" }],
  scope_selectors: {
    repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }],
  },
};
const robot = (name: string, access: readonly string[], namespace = "team") => ({
  ...{ name, level: "system", duration: -1, secret: "Ignored-1" },
  permissions: [
    {
      kind: "project",
      namespace,
      access: access.map((action) => ({ resource: "repository", action })),
    },
  ],
});
const custom = { schedule: { type: "Custom", cron: "0 0 1 * * *" } };
const purge = { audit_retention_hour: 24, include_event_types: "pull" };

describe("The rehearsal's Harbor", () => {
  let harbor: TestHarbor;
  const api = async (method: Method, path: string, body?: unknown) => {
    const answer = await harbor.api(method, path, body);
    return `${answer.status} ${answer.body}`;
  };

  before(async () => {
    harbor = new TestHarbor();
    await harbor.start();
    await harbor.api("POST", "/projects", { project_name: "team" });
    await harbor.api("POST", "/robots", robot("builder", ["pull", "push"]));
    await harbor.api("POST", "/robots", robot("reader", ["pull"]));
    for (const name of ["builder", "reader"]) {
      const id = harbor.store.robot(`robot$${name}`)?.id;
      await harbor.api("PATCH", `/robots/${id}`, { secret: "Robot-pass-1" });
    }
  });
  after(() => harbor.stop());

  it("begins with the project library, and remembers what is made", () => {
    const again = new Store(harbor.stateFile, "another", "2.15");
    assert.deepEqual(
      again.data.projects.map(({ name }) => name),
      ["library", "team"],
    );
    assert.deepEqual(again.data, harbor.store.data);
  });

  it("does not go on with a state that it cannot read", () => {
    const damaged = join(harbor.folder, "damaged.json");
    writeFileSync(damaged, "{");
    assert.throws(() => new Store(damaged, "x", "2.15"));
  });

  /** What Harbor refuses, in its words. */
  const refusals: readonly (readonly [string, Method, string, unknown, RegExp])[] = [
    ["a project twice", "POST", "/projects", { project_name: "team" }, /^409 .*already exists/],
    ["a project's name in capitals", "POST", "/projects", { project_name: "Team" }, /^400/],
    [
      "metadata that are no texts",
      "PUT",
      "/projects/team",
      { metadata: { public: true } },
      /^400 .*string/,
    ],
    ["an unknown project", "GET", "/projects/none", undefined, /^404/],
    ["a number that is no project's", "GET", "/projects/2026", undefined, /^404/],
    ["a quota of nothing", "PUT", "/quotas/2", { hard: { storage: 0 } }, /^400/],
    ["a quota without its key", "PUT", "/quotas/2", {}, /^400 .*hard required/],
    ["a robot twice", "POST", "/robots", robot("builder", ["pull"]), /^409/],
    ["a robot's name with a plus", "POST", "/robots", robot("a+b", ["pull"]), /^400/],
    [
      "a robot without rights",
      "POST",
      "/robots",
      { ...robot("a", ["pull"]), permissions: [] },
      /^400 .*empty permission/,
    ],
    ["a robot of an unknown project", "POST", "/robots", robot("a", ["pull"], "none"), /^404/],
    [
      "a robot for no days",
      "POST",
      "/robots",
      { ...robot("a", ["pull"]), duration: 0 },
      /^400 .*duration/,
    ],
    [
      "a purge without its parameters",
      "POST",
      "/system/purgeaudit/schedule",
      custom,
      /^400 .*audit_retention_hour should provide/,
    ],
    [
      "a purge without events",
      "POST",
      "/system/purgeaudit/schedule",
      { ...custom, parameters: { audit_retention_hour: 1 } },
      /^400 .*include_event_types/,
    ],
    [
      "eleven workers",
      "POST",
      "/system/gc/schedule",
      { ...custom, parameters: { workers: 11 } },
      /^400 .*workers/,
    ],
    [
      "five fields",
      "POST",
      "/system/gc/schedule",
      { schedule: { type: "Custom", cron: "0 1 * * *" } },
      /^400 .*6 fields, found 5/,
    ],
    [
      "seconds",
      "POST",
      "/system/gc/schedule",
      { schedule: { type: "Custom", cron: "5 0 1 * * *" } },
      /^400 .*must be 0/,
    ],
    [
      "retention of an unknown project",
      "POST",
      "/retentions",
      { scope: { level: "project", ref: 99 } },
      /^400 .*invalid Project id/,
    ],
    [
      "the same retention rule twice",
      "POST",
      "/retentions",
      { scope: { level: "project", ref: 1 }, rules: [rule, rule] },
      /^409 .*conflict/,
    ],
    [
      "sixteen retention rules",
      "POST",
      "/retentions",
      { scope: { level: "project", ref: 1 }, rules: Array(16).fill({}) },
      /^400 .*15 rules/,
    ],
    ["a page of more than 100", "GET", "/projects?page_size=101", undefined, /^400/],
    ["what is no JSON", "POST", "/projects", "text", /^400/],
    ["what it has not", "GET", "/labels", undefined, /^404 .*no GET \/labels/],
  ];
  for (const [what, method, path, body, expected] of refusals) {
    it(`refuses ${what}`, async () => {
      assert.match(await api(method, path, body), expected);
    });
  }

  it("gives ten entries a page unless more are asked for", async () => {
    for (let at = 0; at < 11; at++) {
      await harbor.api("POST", "/projects", { project_name: `page-${at}` });
    }
    const first = JSON.parse((await harbor.api("GET", "/projects?name=page-")).body);
    const all = JSON.parse((await harbor.api("GET", "/projects?name=page-&page_size=100")).body);
    assert.deepEqual([first.length, all.length], [10, 11]);
  });

  it("takes one retention policy a project, and tells its number in the metadata", async () => {
    const policy = { scope: { level: "project", ref: 1 }, rules: [], trigger: {} };
    assert.match(await api("POST", "/retentions", policy), /^201/);
    const { metadata } = JSON.parse((await harbor.api("GET", "/projects/library")).body);
    assert.match(await api("POST", "/retentions", policy), /^400 .*already has retention policy/);
    assert.match(await api("PUT", `/retentions/${metadata.retention_id}`, policy), /^200/);
    assert.match(await api("DELETE", `/retentions/${metadata.retention_id}`), /^200/);
    assert.ok(!("retention_id" in (harbor.store.project("library")?.metadata ?? {})));
  });

  for (const [kind, parameters, second] of [
    ["gc", {}, 409],
    ["purgeaudit", purge, 409],
    ["scanAll", {}, 412],
  ] as const) {
    it(`refuses a second schedule of ${kind} with ${second}, and changes the first`, async () => {
      const path = `/system/${kind}/schedule`;
      assert.match(await api("POST", path, { ...custom, parameters }), /^201/);
      assert.match(await api("POST", path, { ...custom, parameters }), RegExp(`^${second}`));
      assert.match(await api("PUT", path, { ...custom, parameters }), /^200/);
      const told = JSON.parse((await harbor.api("GET", path)).body);
      assert.equal(told.schedule.cron, custom.schedule.cron);
      assert.equal(typeof told.job_parameters, kind === "scanAll" ? "undefined" : "string");
      await api("PUT", path, { schedule: { type: "None" }, parameters });
      const none = (await harbor.api("GET", path)).body.trim();
      assert.equal(none, kind === "scanAll" ? "null" : "");
    });
  }

  it("renames no robot, nor takes its name without the prefix", async () => {
    const id = harbor.store.robot("robot$builder")?.id;
    const same = { ...robot("builder", ["pull", "push"]), disable: false };
    assert.match(await api("PUT", `/robots/${id}`, same), /^400 .*cannot update/);
    assert.match(await api("PUT", `/robots/${id}`, { ...same, name: "robot$builder" }), /^200/);
  });

  describe("for its administrator's password", () => {
    const change = (old_password: string, new_password: string) =>
      api("PUT", "/users/1/password", { old_password, new_password });
    it("asks for the old one, for a strong one, and for another one", async () => {
      assert.match(await change("wrong", "Better-1"), /^403 .*Current password is incorrect/);
      assert.match(await change("Secret-1", "weak"), /^400 .*8-128/);
      assert.match(await change("Secret-1", "Secret-1"), /^400 .*identical/);
    });

    it("is shut for a while after a wrong one, also for the right one", async () => {
      const access = new Access(harbor.store, 20);
      const login = (password: string) =>
        access.caller(`Basic ${Buffer.from(`admin:${password}`).toString("base64")}`);
      const [wrong, right] = [login("wrong"), login("Secret-1")];
      assert.deepEqual([(await right).kind, (await wrong).kind], ["wrong", "wrong"]);
      await new Promise((resolve) => setTimeout(resolve, 25));
      assert.equal((await login("Secret-1")).kind, "admin");
    });
  });

  describe("before a registry", () => {
    const asked = (method: Method, path: string, login: string, body?: unknown) =>
      harbor.ask({ method, path, ...(body !== undefined && { body }) }, login);
    const push = "/v2/team/app/blobs/uploads/";
    const builder = "robot$builder:Robot-pass-1";
    const reader = "robot$reader:Robot-pass-1";

    for (const [who, login, method, path, status] of [
      ["nobody look", "", "GET", "/v2/", 401],
      ["nobody pull from a public project", "", "GET", "/v2/library/app/manifests/1", 401],
      ["a robot with another password push", "robot$builder:Robot-pass-2", "POST", push, 401],
      ["a user that it does not have push", "ops:Secret-1", "POST", push, 401],
      ["a robot without that right push", reader, "POST", push, 401],
      ["a robot push into another project", builder, "POST", "/v2/library/app/blobs/uploads/", 401],
      ["a robot delete", builder, "DELETE", "/v2/team/app/manifests/1", 401],
    ] as const) {
      it(`does not let ${who}`, async () => {
        const before = harbor.seen.length;
        assert.equal((await asked(method, path, login)).status, status);
        assert.equal(harbor.seen.length, before, "nothing reaches the registry");
      });
    }

    for (const [who, login, method, path] of [
      ["the administrator push", "admin:Secret-1", "POST", push],
      ["a robot push", builder, "POST", push],
      ["a robot pull", reader, "GET", "/v2/team/app/manifests/1"],
      ["any robot pull from a public project", reader, "GET", "/v2/library/app/manifests/1"],
    ] as const) {
      it(`lets ${who}`, async () => {
        assert.equal((await asked(method, path, login)).status, 201);
        assert.equal(harbor.seen.at(-1), `${method} ${path}`);
      });
    }

    it("knows no project that was not made, in the words of Harbor", async () => {
      const answer = await asked("POST", "/v2/none/app/blobs/uploads/", harbor.admin);
      assert.equal(answer.status, 401);
      assert.match(answer.body, /project none not found: project none not found/);
    });

    it("gives a token for what its bearer may do, and no more", async () => {
      const path = "/service/token?service=harbor-registry";
      const scope = (actions: string) => `${path}&scope=repository:team/app:${actions}`;
      assert.equal((await asked("GET", path, "robot$reader:wrong")).status, 401);
      const actions = async (login: string) => {
        const { token } = JSON.parse((await asked("GET", scope("pull,push"), login)).body);
        const text = Buffer.from(token.split(".")[0], "base64url").toString();
        return JSON.parse(text).scopes[0].actions;
      };
      assert.deepEqual(await actions(builder), ["pull", "push"]);
      assert.deepEqual(await actions(reader), ["pull"]);
      assert.deepEqual(await actions(""), []);
    });

    it("refuses what the quota does not hold, in Harbor's words", async () => {
      const team = harbor.store.project("team");
      await harbor.api("PUT", `/quotas/${team?.quotaId}`, { hard: { storage: 2048 } });
      const upload = `${push}1?digest=sha256:`;
      const big = await asked("PUT", `${upload}big`, builder, "x".repeat(4096));
      assert.equal(big.status, 403);
      assert.match(
        big.body,
        /adding 4\.0 KiB of storage resource, which when updated to current usage of 0 B will exceed the configured upper limit of 2\.0 KiB\./,
      );
      for (let time = 0; time < 3; time++) {
        const small = await asked("PUT", `${upload}small`, builder, "x".repeat(1200));
        assert.equal(small.status, 201, "the same once more takes no room");
      }
      assert.equal((await asked("PUT", `${upload}more`, builder, "x".repeat(1200))).status, 403);
      await harbor.api("PUT", `/quotas/${team?.quotaId}`, { hard: { storage: -1 } });
    });

    it("lets nobody overwrite an immutable tag", async () => {
      await harbor.api("POST", "/projects/team/immutabletagrules", rule);
      const put = (tag: string) => asked("PUT", `/v2/team/app/manifests/${tag}`, builder, {});
      const refused = await put("v1");
      assert.equal(refused.status, 412);
      assert.match(refused.body, /due to 'app:v1' configured as immutable/);
      assert.equal((await put("latest")).status, 201);
    });
  });

  describe("in parts", () => {
    const paths = [
      ["/v2/calico/cni/manifests/v1", "calico/cni manifests v1"],
      ["/v2/a/b/c/blobs/uploads/", "a/b/c blobs uploads/"],
      ["/v2/a/b/tags/list", "a/b tags list"],
      ["/v2/", undefined],
      ["/v2/_catalog", undefined],
    ] as const;
    for (const [path, seen] of paths) {
      it(`sees ${seen ?? "no repository"} in ${path}`, () => {
        const found = registryPath(path);
        const text = found && `${found.repository} ${found.kind} ${found.reference}`;
        assert.equal(text, seen);
      });
    }

    it("asks for another right to look, to change and to delete", () => {
      const actions = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"].map(actionOf);
      assert.deepEqual(actions, ["pull", "pull", "push", "push", "push", "delete"]);
    });

    for (const [pattern, text, fits] of [
      ["**", "a/b", true],
      ["*", "a/b", false],
      ["team/*", "team/app", true],
      ["v{1,2}.*", "v2.7", true],
      ["v{1,2}.*", "v3.7", false],
      ["v?", "v1", true],
      ["[a-c]x", "bx", true],
      ["1.2", "1x2", false],
    ] as const) {
      it(`${fits ? "finds" : "does not find"} ${text} in ${pattern}`, () => {
        assert.equal(matches(pattern, text), fits);
      });
    }

    it("writes sizes as Harbor does", () => {
      assert.deepEqual(
        [shown(5), shown(1024), shown(5 * 1024 ** 3)],
        ["5 B", "1.0 KiB", "5.0 GiB"],
      );
    });
  });
});
