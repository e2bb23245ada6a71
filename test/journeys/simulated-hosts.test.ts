import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { newEd25519Key } from "../../rehearsal/hosts/ed25519-key";
import type { SshJob } from "../rehearsal/support/ssh-jobs";
import {
  checkout,
  key,
  open,
  password,
  type Simulated,
  SimulatedSites,
} from "./support/simulated-sites";

const wrong = "wrong";
const first: SshJob = { address: "192.0.2.11", user: "ops", password };

describe("the simulated hosts of a rehearsal", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let main: Simulated;

  before(async () => {
    sites = new SimulatedSites();
    main = sites.add(open);
    assert.equal((await main.start()).hostsStarted.length, 12);
  });

  after(() => sites?.end());

  describe("over SSH", () => {
    it("all answer to a password, each as itself", async () => {
      const results = await main.talk(
        open.hosts.map(({ address }) => ({
          address,
          user: "ops",
          password,
          command: "hostname; id -un",
        })),
      );
      assert.deepEqual(
        results.map(({ error, stdout }) => error ?? stdout),
        open.hosts.map(({ name }) => `${name}\nops\n`),
      );
    });

    it("answer to a key, and refuse a wrong password and a stranger's key", async () => {
      const stranger = newEd25519Key().private;
      const { password: _, ...keyless } = first;
      const results = await main.talk([
        { ...keyless, privateKey: key.private, command: "echo in" },
        { ...first, password: wrong },
        { ...keyless, privateKey: stranger },
        { ...first, user: "root" },
      ]);
      assert.equal(results[0]?.stdout, "in\n");
      for (const refused of results.slice(1)) {
        assert.match(refused.error ?? "let in", /All configured authentication methods failed/);
      }
    });

    it("have their host keys pinned, so that another key is noticed", async () => {
      const strange = newEd25519Key().public.trim();
      const result = await main.one({ ...first, expectedKey: strange });
      assert.match(result.error ?? "let in", /[Hh]ost (denied|key)|verification failed/);
    });

    it("become root by sudo with the right password only", async () => {
      const sudo = { ...first, command: "sudo -k -S -p '' id -u" };
      const results = await main.talk([
        { ...sudo, stdin: `${password}\n` },
        { ...sudo, stdin: `${wrong}\n` },
        { ...sudo, user: "guest", stdin: `${password}\n` },
        { ...first, command: "sudo -k -n id -u" },
      ]);
      assert.equal(results[0]?.stdout, "0\n");
      for (const refused of results.slice(1)) assert.notEqual(refused.code, 0);
    });

    it("take files by SFTP, give a terminal, and accept the language", async () => {
      const results = await main.talk([
        { ...first, upload: { path: "note", text: "brought along" }, command: "cat ~/note" },
        { ...first, pty: true, command: "tty" },
        { ...first, environment: { LC_ALL: "C", SECRET: "x" }, command: "echo $LC_ALL,$SECRET" },
      ]);
      assert.equal(results[0]?.stdout, "brought along");
      assert.match(results[1]?.stdout ?? "", /^\/dev\/pts\/\d+\r\n$/);
      assert.equal(results[2]?.stdout, "C,\n");
    });

    it("keep daemons after the session, and reap what dies", async () => {
      const command =
        "for i in 1 2 3 4 5; do setsid sh -c 'sleep 0.1 & exit 0' & done; " +
        "setsid nohup sleep 7777 >/dev/null 2>&1 & wait %1; sleep 0.4";
      assert.equal((await main.one({ ...first, command })).code, 0);
      const seen = await main.onHost("host-1", "ps -eo stat=,args=");
      assert.match(seen.stdout, /sleep 7777/);
      assert.doesNotMatch(seen.stdout, /^Z/m);
    });
  });

  describe("for whoever looks around on them", () => {
    it("have the processors, memory and disk of the site", async () => {
      const script =
        "nproc; grep -c ^processor /proc/cpuinfo; awk '/MemTotal/{print $2}' /proc/meminfo; " +
        "df -k --output=size / | tail -1; free -g | awk '/Mem/{print $2}'; wc -l < /proc/swaps";
      const { stdout } = await main.onHost("host-1", script);
      const GiB = 1024 * 1024;
      assert.deepEqual(stdout.trim().split(/\s+/).map(Number), [5, 5, 12 * GiB, 40 * GiB, 12, 1]);
    });

    it("show nothing of this machine's own", async () => {
      process.env.SITEWRIGHT_JOURNEY_SECRET = "leak";
      const seen = await main.onHost(
        "host-1",
        "ls -A / /root /home /etc /var/lib; env; cat /etc/shadow; mount",
      );
      delete process.env.SITEWRIGHT_JOURNEY_SECRET;
      const names = new Set(seen.stdout.split(/\s+/));
      for (const name of ["npmrc", "pip.conf", ".ssh", "docker", ".dockerenv", "apt"]) {
        assert.equal(names.has(name), false, `${name} is visible`);
      }
      assert.doesNotMatch(seen.stdout, /SITEWRIGHT_JOURNEY_SECRET|leak/);
      const shadow = seen.stdout.split("\n").filter((line) => /^\w[-\w]*:[^:]*:20000:/.test(line));
      assert.deepEqual(
        shadow.filter((line) => line.includes(":$6$")).map((line) => line.split(":")[0]),
        ["ops", "guest"],
      );
    });

    it("show folders that are to be seen, read-only, and never the rehearsal's keys inside them", async () => {
      const seen = await main.onHost(
        "host-1",
        `ls ${checkout}/package.json; touch ${checkout}/new; ls -A ${main.rehearsal.folders.root}; ls ${sites.folder}`,
      );
      assert.match(seen.stdout, /package\.json/);
      assert.match(seen.stderr, /Read-only file system/);
      assert.doesNotMatch(seen.stdout, /keys|keeper/);
    });

    it("run out of disk for real", async () => {
      const { code, stderr } = await main.onHost("host-12", "head -c 64M /dev/zero > /var/big");
      assert.notEqual(code, 0);
      assert.match(stderr, /No space left on device/);
      assert.equal((await main.onHost("host-12", "rm /var/big; echo ok > /var/small")).code, 0);
    });

    it("change themselves and not this machine", async () => {
      const swappiness = readFileSync("/proc/sys/vm/swappiness", "utf8");
      const hosts = readFileSync("/etc/hosts", "utf8");
      const script = [
        "set -e",
        "echo 203.0.113.9 changed >> /etc/hosts",
        "echo x > /usr/bin/sitewright-journey",
        "rm -rf /usr/share/doc /etc/ssl",
        `sysctl -q -w vm.swappiness=${swappiness.trim() === "7" ? 8 : 7}`,
        "cat /proc/sys/vm/swappiness",
        "! date -s 2001-01-01 2>/dev/null",
        "! mknod /tmp/disk b 254 0 2>/dev/null",
      ].join("\n");
      const { code, stdout, stderr } = await main.onHost("host-2", script);
      assert.equal(code, 0, stderr);
      assert.notEqual(stdout.trim(), swappiness.trim());
      assert.equal(readFileSync("/proc/sys/vm/swappiness", "utf8"), swappiness);
      assert.equal(readFileSync("/etc/hosts", "utf8"), hosts);
      assert.equal(readdirSync("/usr/bin").includes("sitewright-journey"), false);
      assert.equal(readdirSync("/etc/ssl").length > 0, true);
      assert.equal(
        (await main.onHost("host-3", "cat /etc/hosts")).stdout.includes("changed"),
        false,
      );
    });
  });
});
