import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NightingaleClient } from "../../cli/step/nightingale/client";
import { applySettings } from "../../cli/step/nightingale/settings";
import { nightingaleConfiguration } from "../../components/nightingale/configuration/configuration";
import type { NightingaleConfiguration } from "../../components/nightingale/configuration/configuration-types";
import { nightingaleServer } from "../../rehearsal/nightingale/server";
import { Store } from "../../rehearsal/nightingale/store";
import type { AlertRule } from "../../site/alerting/rule-types";
import { projectRoot } from "../../site/load";
import { RunError } from "../../site/run-error";
import { notifyingContent } from "../nightingale/site";

/**
 * The step's work against what stands for Nightingale, over loopback. That the real one answers in the same way is not
 * shown here.
 */
describe("What Nightingale holds", function () {
  this.timeout(60_000);
  const passwords = { root: "Root-of-the-site-1", own: "Own-of-the-site-1" };
  let folder: string;
  let server: ReturnType<typeof nightingaleServer>;
  let url: string;
  let said: string[];
  const say = (line: string) => void said.push(line);

  beforeEach(async () => {
    said = [];
    folder = mkdtempSync(join(tmpdir(), "nightingale-"));
    await start();
  });
  afterEach(() => {
    stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    server = nightingaleServer(new Store(join(folder, "state.json")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function stop(): void {
    server.closeAllConnections();
    server.close();
  }

  const rule = (name: string, more: Partial<AlertRule> = {}): AlertRule => ({
    alert: name,
    expr: 'up{job="api"} == 0',
    forSeconds: 300,
    severity: "critical",
    team: "platform",
    labels: { area: "cluster" },
    summary: '{{ $labels.instance }} is <down> & "out"',
    description: "Nobody answers.",
    runbook: ["Look.", "Act."],
    ...more,
  });
  const wanted = (rules: readonly AlertRule[], tells = false): NightingaleConfiguration => {
    const content = notifyingContent(rules, tells);
    return nightingaleConfiguration(content, (name) => `https://hook.example/${name}`);
  };
  const apply = (configuration: NightingaleConfiguration, own = passwords) => {
    said = [];
    return applySettings(url, configuration, own, say);
  };
  async function asRoot(): Promise<NightingaleClient> {
    const client = await new NightingaleClient(url).loggedIn("root", passwords.root);
    assert.ok(client);
    return client;
  }
  async function groupOf(client: NightingaleClient): Promise<number> {
    const groups = await client.list<{ id: number; name: string }>("", "/busi-groups?all=true");
    const group = groups.find(({ name }) => name === "site-t");
    assert.ok(group);
    return group.id;
  }
  type Found = { id: number; name: string; prom_for_duration: number } & Record<string, unknown>;
  async function rulesOf(client: NightingaleClient): Promise<readonly Found[]> {
    return client.list<Found>("", `/busi-group/${await groupOf(client)}/alert-rules`);
  }

  it("is made once: the first password is changed, and a second run changes nothing", async () => {
    const configuration = wanted([rule("ApiDown"), rule("Slow", { severity: "warning" })]);
    assert.deepEqual(await apply(configuration), { teams: 2, rules: 2, boards: 2, channels: 0 });
    assert.deepEqual(said.slice(0, 2), [
      "changed the first password of root",
      "made the user sitewright",
    ]);
    const stranger = new NightingaleClient(url);
    assert.equal(await stranger.loggedIn("root", "root.2020"), undefined);
    await apply(configuration);
    assert.deepEqual(said, ["Nightingale holds what is wanted"]);
    stop();
    await start();
    await apply(configuration);
    assert.deepEqual(said, ["Nightingale holds what is wanted"]);
    assert.ok(!JSON.stringify(await rulesOf(await asRoot())).includes(passwords.root));
  });

  it("has each rule's own words, times and severity", async () => {
    const quick = rule("Quick", { forSeconds: 0, keepFiringForSeconds: 600, severity: "info" });
    await apply(wanted([quick, rule("Long", { forSeconds: 172_800 })]));
    const [long, short] = await rulesOf(await asRoot());
    assert.deepEqual(
      [short?.prom_for_duration, short?.recover_duration, short?.severity, short?.cron_pattern],
      [0, 600, 3, "@every 30s"],
    );
    assert.equal(long?.prom_for_duration, 172_800);
    assert.deepEqual(long?.append_tags, [
      "area=cluster",
      "dimension=system",
      "managed_by=sitewright",
      "team=platform",
    ]);
    assert.deepEqual(long?.annotations, {
      summary: '{{ $labels.instance }} is <down> & "out"',
      description: "Nobody answers.",
      runbook: "1. Look.\n2. Act.",
    });
    assert.deepEqual(long?.datasource_queries, [{ match_type: 0, op: "in", values: [1] }]);
  });

  it("is put back where somebody changed it, and people's own stays", async () => {
    const configuration = wanted([rule("ApiDown"), rule("Gone")]);
    await apply(configuration);
    const client = await asRoot();
    const path = `/busi-group/${await groupOf(client)}`;
    const [down, gone] = await rulesOf(client);
    await client.ask("", "PUT", `${path}/alert-rule/${down?.id}`, { ...down, disabled: 1 });
    await client.ask("", "DELETE", `${path}/alert-rules`, { ids: [gone?.id] });
    await client.ask("", "POST", `${path}/alert-rules`, [
      { name: "Ours by hand", append_tags: ["team=night"], rule_config: { queries: [] } },
    ]);
    await client.ask("", "POST", `${path}/boards`, { name: "By hand", tags: "", configs: "{}" });
    const board = "/board/site-hosts";
    await client.ask("", "PUT", `${board}/configs`, { configs: "{}" });
    await apply(configuration);
    assert.deepEqual(said, [
      "Nightingale: rule Gone",
      "Nightingale: rule ApiDown",
      "Nightingale: board Hosts",
    ]);
    const after = await rulesOf(client);
    assert.deepEqual(after.map(({ name }) => name).sort(), ["ApiDown", "Gone", "Ours by hand"]);
    assert.equal(after.find(({ name }) => name === "ApiDown")?.disabled, 0);
    const boards = await client.list<{ name: string }>("", `${path}/boards`);
    assert.deepEqual(boards.map(({ name }) => name).sort(), ["By hand", "Hosts", "Site"]);
  });

  it("loses what the site no longer wants, and nothing else", async () => {
    await apply(wanted([rule("ApiDown"), rule("Old")]));
    const client = await asRoot();
    const path = `/busi-group/${await groupOf(client)}/alert-rules`;
    await client.ask("", "POST", path, [{ name: "By hand", rule_config: {} }]);
    await apply({ ...wanted([rule("ApiDown")]), boards: [] });
    const names = (await rulesOf(client)).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["ApiDown", "By hand"]);
    assert.deepEqual(
      said.filter((line) => line.endsWith("removed")),
      [
        "Nightingale: rule Old, removed",
        "Nightingale: board Hosts, removed",
        "Nightingale: board Site, removed",
      ],
    );
  });

  it("tells people where the site says so, and stops telling them", async () => {
    await apply(wanted([rule("ApiDown"), rule("Paid", { team: "business" })], true));
    const client = await asRoot();
    const told = async () => {
      const rules = await client.list<{ id: number; name: string }>("", "/notify-rules");
      const byName = new Map(rules.map(({ id, name }) => [id, name]));
      const all = await rulesOf(client);
      return Object.fromEntries(
        all.map(({ name, notify_rule_ids: ids }) => [
          name,
          (ids as number[]).map((id) => byName.get(id)),
        ]),
      );
    };
    // Of the business team nobody is said, so the default team is told.
    assert.deepEqual(await told(), {
      ApiDown: ["sitewright platform"],
      Paid: ["sitewright platform"],
    });
    const channels = await client.list<Record<string, unknown>>("", "/notify-channel-configs");
    const room = channels.find(({ name }) => name === "sitewright room");
    assert.match(JSON.stringify(room), /https:\/\/hook\.example\/roomUrl/);
    const users = await client.ask<{ list: { email: string }[] }>("", "GET", "/users?limit=100");
    assert.ok(users.list.some(({ email }) => email === "night@site-t.example"));
    await apply(wanted([rule("ApiDown"), rule("Paid", { team: "business" })], true));
    assert.deepEqual(said, ["Nightingale holds what is wanted"]);
    await apply(wanted([rule("ApiDown")]));
    assert.deepEqual(await told(), { ApiDown: [] });
    const left = await client.list<{ name: string }>("", "/notify-channel-configs");
    assert.ok(!left.some(({ name }) => name.startsWith("sitewright ")));
  });

  for (const requests of [4, 9, 14, 16, 20]) {
    it(`is finished by the next run when one was killed at its request ${requests}`, async () => {
      const rules = Array.from({ length: 120 }, (_, at) => rule(`Rule${at}`));
      const configuration = wanted(rules, true);
      const file = join(folder, "configuration.json");
      writeFileSync(file, JSON.stringify(configuration));
      const script = `const { applySettings } = require("./cli/step/nightingale/settings");
        applySettings("${url}", require("${file}"), ${JSON.stringify(passwords)}, () => {});`;
      const words = ["-r", "./toolchain/register.js", "-e", script];
      const child = spawn(process.execPath, words, { cwd: projectRoot, stdio: "ignore" });
      let count = 0;
      server.on("request", () => {
        count += 1;
        if (count === requests) child.kill("SIGKILL");
      });
      const [, signal] = await once(child, "exit");
      assert.equal(signal, "SIGKILL");
      const result = await apply(configuration);
      assert.equal(result.rules, 120);
      assert.equal((await rulesOf(await asRoot())).length, 120);
      await apply(configuration);
      assert.deepEqual(said, ["Nightingale holds what is wanted"]);
    });
  }

  it("is reached although root's password was changed by hand, which it is set back from", async () => {
    const configuration = wanted([rule("ApiDown")]);
    await apply(configuration);
    const root = await asRoot();
    const body = { oldpass: passwords.root, newpass: "changed-By-hand-1" };
    await root.ask("", "PUT", "/self/password", body);
    await apply(configuration);
    assert.deepEqual(said, ["set the password of root", "Nightingale holds what is wanted"]);
    await asRoot();
    // The site gives root another one.
    const renewed = { ...passwords, root: "Another-of-the-site-2" };
    await apply(configuration, renewed);
    assert.equal(said[0], "set the password of root");
  });

  it("stays as it is when neither password fits, and says what to do", async () => {
    await apply(wanted([rule("ApiDown")]));
    const wrong = { root: "wrong-Root-1", own: "wrong-Own-1" };
    await assert.rejects(apply(wanted([]), wrong), (error: Error) => {
      assert.ok(error instanceof RunError);
      assert.match(error.message, /knows neither our user sitewright nor root/);
      assert.match(error.message, /\n {2}next: .*nightingale\.rootPasswordSecret/);
      return true;
    });
    assert.equal((await rulesOf(await asRoot())).length, 1);
  });

  it("refuses a rule by its name and in its own words", async () => {
    const bad = { ...wanted([rule("a < b"), rule("Fine")]) };
    await assert.rejects(apply(bad), /a < b: Name has invalid characters/);
  });
});
