import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installLanguageHost, installProvider } from "../../rehearsal/plugins/protocol/launcher";
import { connect } from "../../ssh/connection";
import { program } from "./support/programs";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";

const checkout = join(__dirname, "../..");

/** A program that deploys just the hosts, with what this test lays before it. */
const index = `
import * as pulumi from "@pulumi/pulumi";
import { Hosts } from ${JSON.stringify(join(checkout, "components/hosts/hosts"))};
const config = new pulumi.Config("t");
const args = config.requireObject<any>("args");
const secrets = config.requireSecretObject<Record<string, string>>("secrets");
new Hosts("hosts", { ...args, secrets });
`;

describe("hosts in a deployment by the real engine", function () {
  this.timeout(300_000);
  let sshd: RealSshd;
  let root: string;

  before(async () => {
    sshd = await startSshd(22735);
    root = mkdtempSync(join(tmpdir(), "sitewright-hosts-"));
    mkdirSync(join(root, "state"));
    installLanguageHost(join(root, "bin"));
    symlinkSync(program("pulumi"), join(root, "bin/pulumi"));
    installProvider(join(root, "home"), { name: "command", version: "1.2.1" });
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: t\nruntime: nodejs\n");
    writeFileSync(join(root, "index.ts"), index);
    writeFileSync(join(root, "tsconfig.json"), readFileSync(join(checkout, "tsconfig.json")));
    pulumi("stack", "init", "s");
    const secrets = JSON.stringify({ sshPassword: PASSWORD });
    pulumi("config", "set", "-s", "s", "--secret", "t:secrets", secrets);
  });
  after(() => {
    sshd?.stop();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  function pulumi(...argv: readonly string[]) {
    return spawnSync(join(root, "bin/pulumi"), [...argv, "--non-interactive", "--color=never"], {
      cwd: root,
      encoding: "utf8",
      env: {
        PATH: `${join(root, "bin")}:${process.env.PATH ?? ""}`,
        HOME: root,
        PULUMI_HOME: join(root, "home"),
        PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "x",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      },
    });
  }

  function give(cores: number, names: readonly string[]): void {
    const login = {
      user: "deploy",
      port: sshd.port,
      passwordSecret: "sshPassword",
      sudo: "password",
    };
    const cpus = {
      id: "cpus",
      title: "cores",
      severity: "blocking",
      probe: "echo 2",
      comparison: "at-least",
    };
    const preflight = [{ ...cpus, needed: String(cores), unit: "cores", remedy: "give it more" }];
    const args = {
      site: "site-t",
      hostKeys: { one: sshd.hostKeys },
      hosts: [{ name: "one", address: "127.0.0.1", login, preflight }],
      baseline: {
        hostsEntries: [{ address: "192.0.2.9", names }],
        sysctl: {},
        ntpServers: [],
        timezone: "",
      },
    };
    pulumi("config", "set", "-s", "s", "t:args", JSON.stringify(args));
  }

  async function hostsFile(): Promise<string> {
    const connection = await connect(sshd.target);
    try {
      return await connection.run("read the hosts file", "cat /etc/hosts");
    } finally {
      connection.close();
    }
  }

  it("stops before any change when a preflight blocks, and says what to do", async () => {
    give(64, ["first"]);
    const done = pulumi("up", "--yes", "-s", "s");
    const said = done.stdout + done.stderr;
    assert.notEqual(done.status, 0, said);
    assert.match(said, /cores \(cpus\): needed at least 64 cores, given 2/);
    assert.match(said, /next: give it more/);
    assert.doesNotMatch(await hostsFile(), /first/);
    assert.doesNotMatch(said, /s3cret/);
  });

  it("goes on where it stopped once the fault is mended, and is then quiet", async () => {
    give(2, ["first"]);
    const up = pulumi("up", "--yes", "-s", "s");
    assert.equal(up.status, 0, up.stdout + up.stderr);
    assert.match(await hostsFile(), /\n192\.0\.2\.9 first\n/);
    const preview = pulumi("preview", "-s", "s", "--expect-no-changes");
    assert.equal(preview.status, 0, preview.stdout + preview.stderr);
  });

  it("shows a change of the baseline as a line in the preview and makes just that change", async () => {
    give(2, ["second"]);
    const preview = pulumi("preview", "-s", "s", "--diff");
    assert.match(preview.stdout, /- hosts='192\.0\.2\.9 first'\n\s*\+ hosts='192\.0\.2\.9 second'/);
    assert.doesNotMatch(preview.stdout, /replace|s3cret/);
    assert.equal(pulumi("up", "--yes", "-s", "s").status, 0);
    assert.match(await hostsFile(), /\n192\.0\.2\.9 second\n/);
  });

  it("does not look again at a host that it already has, even with another threshold", async () => {
    give(64, ["second"]);
    const up = pulumi("up", "--yes", "-s", "s");
    assert.equal(up.status, 0, up.stdout + up.stderr);
  });

  it("keeps the password out of the state and the output, and takes the baseline away at the end", async () => {
    const state = readFileSync(join(root, "state/.pulumi/stacks/t/s.json"), "utf8");
    assert.doesNotMatch(state, /s3cret/);
    const down = pulumi("destroy", "--yes", "-s", "s");
    assert.equal(down.status, 0, down.stdout + down.stderr);
    assert.doesNotMatch(await hostsFile(), /sitewright|192\.0\.2\.9/);
  });
});
