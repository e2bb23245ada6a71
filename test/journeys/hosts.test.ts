import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostToLookAt, lookAtHosts } from "../../cli/preflight/look";
import { preflightExitCode, preflightText } from "../../cli/preflight/report";
import type { Places } from "../../cli/targets";
import { type TrustOptions, trust } from "../../cli/trust";
import { baselineRemovalScript, baselineScript } from "../../components/hosts/baseline-script";
import { parseFindings } from "../../components/hosts/findings";
import { preflightScript } from "../../components/hosts/preflight-script";
import { rootCommandInText, rootCommandOnStdin } from "../../components/support/root-command";
import type { HostBlueprint, LoginBlueprint, PreflightCheck } from "../../site/blueprint-types";
import { connect } from "../../ssh/connection";
import { fingerprint } from "../../ssh/host-key";
import type { SshTarget } from "../../ssh/target";
import { encryptedStack } from "../cli/support/encrypted-stack";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";

const checks: readonly PreflightCheck[] = [
  check("root", { probe: "id -u", comparison: "equals", needed: "0" }),
  check("skew", {
    probe: "d=$(($(date +%s) - SITEWRIGHT_NOW)); [ $d -ge 0 ] && echo $d || echo $((-d))",
    comparison: "at-most",
    needed: "5",
    unit: "s",
  }),
  check("cpus", { probe: "echo 2", comparison: "at-least", needed: "64", unit: "cores" }),
  check("swap", { severity: "warning", probe: "echo on" }),
];

function check(id: string, part: Partial<PreflightCheck>): PreflightCheck {
  const base = {
    id,
    title: `Title of ${id}`,
    severity: "blocking",
    probe: "true",
    comparison: "empty",
  } as const;
  return { ...base, needed: "", unit: "", remedy: `remedy of ${id}`, ...part };
}

describe("hosts over a real SSH server", function () {
  this.timeout(30_000);
  let sshd: RealSshd;
  before(async () => {
    sshd = await startSshd(22731);
  });
  after(() => sshd?.stop());

  describe("the command that becomes root", () => {
    const logins: readonly (readonly [string, SshTarget["sudo"]])[] = [
      ["deploy", "password"],
      ["free", "nopasswd"],
      // Asks for no password although the site says so: the password line must not be run as a command.
      ["free", "password"],
    ];
    const script =
      '#!/bin/sh\nmain() { printf "%s|%s|%s\\n" "$(id -u)" "$1" "$(cat)"; echo "it\'s $HOME" >&2; }\nmain "$1"\n';

    /** What the command plugin does: one command line, its input from the start, no terminal. */
    async function run(user: string, sudo: SshTarget["sudo"], password: string, inText: boolean) {
      const login: LoginBlueprint = { user, port: sshd.port, sudo };
      const command = inText ? rootCommandInText(login, script) : rootCommandOnStdin(login, "gate");
      const connection = await connect({ ...sshd.target, user, sudo: "none" });
      try {
        const first = command.needsPassword ? `${password}\n` : "";
        return await connection.exec(command.text, {
          stdin: inText ? first : `${first}${script}`,
          timeoutSeconds: 15,
        });
      } finally {
        connection.close();
      }
    }

    for (const [user, sudo] of logins) {
      for (const inText of [false, true]) {
        it(`works for ${user} with sudo ${sudo}, script ${inText ? "in the text" : "on standard input"}`, async () => {
          const { code, stdout, stderr } = await run(user, sudo, PASSWORD, inText);
          assert.equal(stdout, inText ? "0||\n" : "0|gate|\n", stderr);
          assert.equal(code, 0);
          assert.equal(stderr, "it's /root\n");
        });
      }
    }

    it("tries a wrong password once, and never shows it", async () => {
      const { code, stdout, stderr } = await run("deploy", "password", "wrong-password-1", false);
      assert.equal(code, 65);
      assert.match(stderr, /^sudo refused: /);
      assert.equal(stderr.match(/try again/g)?.length, 1, stderr);
      assert.doesNotMatch(stdout + stderr, /wrong-password-1/);
    });

    it("says when the user may not use sudo at all", async () => {
      const { code, stderr } = await run("plain", "password", PASSWORD, false);
      assert.equal(code, 65);
      assert.match(stderr, /sudo refused: .*(sudoers|not allowed|may not run)/s);
    });

    it("ends quickly when sudo wants a password and the site says it does not", async () => {
      const { code, stderr } = await run("deploy", "nopasswd", PASSWORD, false);
      assert.equal(code, 1);
      assert.match(stderr, /a password is required/);
    });

    it("carries a preflight's findings out of a gate that is open", async () => {
      const open = checks.filter(({ id }) => id === "root" || id === "swap");
      const login: LoginBlueprint = { user: "deploy", port: sshd.port, sudo: "password" };
      const text = preflightScript({ site: "s", host: "host-1", checks: open });
      const connection = await connect({ ...sshd.target, sudo: "none" });
      const done = await connection.exec(rootCommandOnStdin(login, "gate").text, {
        stdin: `${PASSWORD}\n${text}`,
      });
      connection.close();
      assert.deepEqual(
        parseFindings("host-1", open, done.stdout).map(({ ok }) => ok),
        [true, false],
      );
      assert.equal(done.stderr, "");
    });

    it("puts the baseline on a host and takes it away again", async () => {
      const login: LoginBlueprint = { user: "deploy", port: sshd.port, sudo: "password" };
      const connection = await connect({ ...sshd.target, sudo: "none" });
      const root = async (text: string) => {
        const done = await connection.exec(rootCommandInText(login, text).text, {
          stdin: `${PASSWORD}\n`,
        });
        assert.equal(done.code, 0, done.stderr);
        return done.stdout;
      };
      const hosts = () => connection.run("read", "cat /etc/hosts");
      const before = await hosts();
      const baseline = {
        hostsEntries: [{ address: "192.0.2.1", names: ["it's-one"] }],
        sysctl: {},
        ntpServers: [],
        timezone: "",
      };
      await root(baselineScript("site-t", baseline));
      assert.match(await hosts(), /\n192\.0\.2\.1 it's-one\n/);
      assert.match(await root(baselineScript("site-t", baseline)), /nothing to change/);
      await root(baselineRemovalScript());
      assert.equal(await hosts(), before);
      connection.close();
    });
  });

  describe("preflight", () => {
    const look = (targets: readonly SshTarget[]) =>
      lookAtHosts(
        targets.map((target): HostToLookAt => ({ target, checks })),
        () => {},
      );

    it("reports each host by itself: findings, wrong password, changed key, nobody there, no trust", async () => {
      const good = sshd.target;
      const other = `${good.hostKeys[0]?.slice(0, -8)}AAAAAAAA`;
      const reports = await look([
        { ...good, name: "good" },
        { ...good, name: "password", password: "no" },
        { ...good, name: "changed", hostKeys: [other] },
        { ...good, name: "gone", port: 22732 },
        { ...good, name: "untrusted", hostKeys: [] },
      ]);
      assert.deepEqual(
        reports.map(({ name, problem }) => [name, problem?.kind]),
        [
          ["good", undefined],
          ["password", "wrong-credentials"],
          ["changed", "host-key-changed"],
          ["gone", "refused"],
          ["untrusted", "host-key-unpinned"],
        ],
      );
      assert.deepEqual(
        reports[0]?.findings.map(({ id, ok }) => [id, ok]),
        [
          ["root", true],
          ["skew", true],
          ["cpus", false],
          ["swap", false],
        ],
      );
      assert.equal(preflightExitCode(reports), 6);
      assert.equal(preflightExitCode(reports.slice(0, 1)), 4);
      const text = preflightText(reports, (_, line) => line, 200);
      assert.match(
        text,
        /^blocking {2}Title of cpus\n {2}host +needed +given\n {2}good +at least 64 cores +2 cores\n {2}next: remedy of cpus\n\nwarning/,
      );
      assert.match(text, /1 of 5 hosts looked at, 1 blocking, 1 warning$/);
      assert.doesNotMatch(text, /s3cret/);
    });

    it("offers a refused password to the bastion once, not once for each host", async () => {
      const {
        name: _,
        site: __,
        sudo: ___,
        timeoutSeconds: ____,
        bastion: _____,
        ...login
      } = sshd.target;
      const bastion = { ...login, name: "bastion", password: "wrong" };
      const targets = ["a", "b", "c"].map((name) => ({ ...sshd.target, name, bastion }));
      const reports = await look(targets);
      assert.deepEqual(
        reports.map(({ problem }) => problem?.kind),
        Array(3).fill("wrong-credentials"),
      );
      assert.equal(new Set(reports.map(({ problem }) => problem)).size, 1, "one try, one problem");
    });

    it("goes through a bastion", async () => {
      const bastion = { ...sshd.target, name: "bastion" };
      const [report] = await look([{ ...sshd.target, name: "inner", bastion }]);
      assert.equal(report?.problem, undefined);
      assert.equal(report?.findings[0]?.ok, true);
    });
  });

  describe("trust", () => {
    let root: string;
    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), "sitewright-trust-"));
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));
    const file = () => readFileSync(join(root, "trust/site-t.known_hosts"), "utf8");
    const places = (...ports: readonly number[]): Places => ({
      site: "site-t",
      hosts: ports.map(
        (port) =>
          ({
            name: `h${port}`,
            address: "127.0.0.1",
            login: { user: "deploy", port, sudo: "none" },
          }) as HostBlueprint,
      ),
    });

    async function run(
      where: Places,
      options: Partial<TrustOptions> = {},
      env: NodeJS.ProcessEnv = {},
    ) {
      let out = "";
      const screen = { write: (text: string) => (out += text) };
      const io = { stdout: screen, stderr: { write: () => {} }, env, root };
      const code = await trust(
        where,
        { yes: true, replace: [], json: false, ...options },
        io,
      ).catch((error) => error as Error);
      return { code, out };
    }

    it("shows fingerprints, pins them, and then finds nothing new", async () => {
      const own = sshd.hostKeys[0] ?? "";
      const first = await run(places(sshd.port));
      assert.equal(first.code, 0, first.out);
      assert.ok(first.out.includes(fingerprint(own)));
      assert.equal(file(), `[127.0.0.1]:${sshd.port} ${own.split(" ").slice(0, 2).join(" ")}\n`);
      const second = await run(places(sshd.port), { yes: false });
      assert.equal(second.code, 0);
      assert.match(second.out, /pinned +h22731.*\nnothing new to pin/);
    });

    it("writes nothing when nobody is there to agree", async () => {
      const { code } = await run(places(sshd.port), { yes: false });
      assert.match(String(code), /nobody is here to confirm.*\n.*--yes/);
      assert.throws(file, /ENOENT/);
    });

    it("keeps what it could learn when another host is not there", async () => {
      const { code, out } = await run(places(sshd.port, 22733));
      assert.equal(code, 6);
      assert.match(out, /h22733 \(127\.0\.0\.1:22733\) refused the connection/);
      assert.match(out, /1 host written .*, 1 not reached/);
      assert.match(file(), /22731/);
    });

    it("does not touch a changed key until told which host, and keeps other entries", async () => {
      await run(places(sshd.port));
      const strange = file().replace(/\S{8}\n$/, "AAAAAAAA\n");
      const other = "192.0.2.9 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n";
      writeFileSync(join(root, "trust/site-t.known_hosts"), other + strange);
      const refused = await run(places(sshd.port));
      assert.equal(refused.code, 6);
      assert.match(refused.out, /CHANGED +h22731/);
      assert.match(refused.out, /--replace h22731/);
      assert.equal(file(), other + strange, "untouched");
      assert.equal((await run(places(sshd.port), { replace: ["h22731"] })).code, 0);
      assert.ok(file().startsWith(other));
      assert.ok(!file().includes("AAAAAAAA\n"));
    });

    it("asks the bastion first, and goes through it only once its key is pinned", async () => {
      const login = {
        user: "deploy",
        port: sshd.port,
        passwordSecret: "jump",
        sudo: "none",
      } as const;
      const behind = { ...places(sshd.port), bastion: { address: "127.0.0.1", login } };
      writeFileSync(join(root, "Pulumi.site-t.yaml"), encryptedStack("open", { jump: PASSWORD }));
      const unopened = await run(behind);
      assert.match(
        String(unopened.code),
        /need a passphrase/,
        "the bastion's login needs the secret",
      );
      assert.equal(file().split("\n").length, 2, "but its key needed none, and is pinned by then");

      const { code, out } = await run(behind, {}, { PULUMI_CONFIG_PASSPHRASE: "open" });
      assert.equal(code, 0, out);
      assert.match(out, /pinned +bastion[\s\S]*pinned +h22731/);

      const strange = file().replace(/\S{8}\n$/, "AAAAAAAA\n");
      writeFileSync(join(root, "trust/site-t.known_hosts"), strange);
      const stopped = await run(behind, {}, { PULUMI_CONFIG_PASSPHRASE: "open" });
      assert.equal(stopped.code, 6);
      assert.match(stopped.out, /CHANGED +bastion/);
      assert.doesNotMatch(stopped.out, /h22731/, "nothing goes through a bastion with another key");
    });

    it("tells another program the same", async () => {
      const { out } = await run(places(sshd.port), { json: true });
      const { format, site, exitCode, hosts } = JSON.parse(out);
      assert.deepEqual([format, site, exitCode], [1, "site-t", 0]);
      assert.equal(hosts[0].written, true);
      assert.equal(hosts[0].keys[0].status, "new");
    });
  });
});
