import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { utils } from "ssh2";
import { type Rehearsal, rehearsalOf, setExpiry } from "../../rehearsal/folders";
import { hostExec, setHostConnected } from "../../rehearsal/hosts/exec";
import { startHosts, stopHost } from "../../rehearsal/hosts/start";
import { endRehearsal } from "../../rehearsal/keeper/end";
import { enter, runInside } from "../../rehearsal/keeper/enter";
import { assertInsideRehearsal } from "../../rehearsal/keeper/inside";
import { networkNamespace } from "../../rehearsal/keeper/namespaces";
import { requireRecord, startTime } from "../../rehearsal/keeper/record";
import { MachineLacks, requireMachine } from "../../rehearsal/machine";
import { proveNoRouteOut } from "../../rehearsal/network/no-route-out";
import { planNetwork } from "../../rehearsal/network/plan";
import { plannedHosts, type SimulatedSite } from "../../rehearsal/simulated-site";
import { describe as describeSite, startSite } from "../../rehearsal/site-machines";
import type { SshJob, SshResult } from "../rehearsal/support/ssh-jobs";
import { program } from "./support/programs";

const password = "right 'and' $proper";
const wrong = "wrong";
const key = utils.generateKeyPairSync("ed25519");
const checkout = resolve(__dirname, "../..");
const child = join(checkout, "test/rehearsal/support/ssh-jobs.ts");

const login = {
  user: "ops",
  password,
  authorizedKeys: [`${key.public.trim()} journey`],
  sudo: "password" as const,
};

/** Twelve hosts on one subnet, which the operator reaches directly. */
const open: SimulatedSite = {
  name: "journey-open",
  subnets: ["192.0.2.0/24"],
  hosts: Array.from({ length: 12 }, (_, index) => ({
    name: `host-${index + 1}`,
    address: `192.0.2.${11 + index}`,
    cpus: 5,
    memoryGiB: 12,
    diskGiB: index === 11 ? 0.03 : 40,
    logins: [login, { user: "guest", password, authorizedKeys: [], sudo: "none" as const }],
  })),
  directAccess: true,
  extraAddresses: ["192.0.2.100"],
  names: [{ address: "192.0.2.100", names: ["lb.journey.test"] }],
};

/** Two subnets behind a bastion, at the very addresses of the other site. */
const closed: SimulatedSite = {
  name: "journey-closed",
  subnets: ["192.0.2.0/24", "198.51.100.0/24"],
  hosts: [
    {
      name: "node",
      address: "192.0.2.11",
      cpus: 2,
      memoryGiB: 4,
      diskGiB: 10,
      logins: [{ ...login, user: "root", sudo: "none" }],
      sshPort: 2200,
    },
  ],
  bastion: {
    address: "198.51.100.5",
    port: 2222,
    logins: [{ user: "jump", password, authorizedKeys: [], sudo: "nopasswd" }],
  },
  directAccess: false,
  extraAddresses: [],
  names: [],
};

describe("the simulated hosts of a rehearsal", function () {
  this.timeout(60_000);
  let folder: string;
  let linksBefore: string[];
  let main: Rehearsal;
  let other: Rehearsal;

  const start = (
    rehearsal: Rehearsal,
    site: SimulatedSite,
    extra: { source: string; target: string }[] = [],
  ) =>
    startSite(rehearsal, {
      site,
      debianLayer: realpathSync(program("debian-layer")),
      visible: [checkout, folder],
      binds: extra,
      expiry: new Date(Date.now() + 600_000),
    });

  const talk = async (rehearsal: Rehearsal, jobs: readonly SshJob[]): Promise<SshResult[]> => {
    const result = await runInside(
      rehearsal,
      [process.execPath, "-r", "ts-node/register/transpile-only", child],
      { cwd: checkout, input: JSON.stringify({ site: rehearsal.site, rehearsals: folder, jobs }) },
    );
    assert.equal(result.code, 0, result.stderr);
    return JSON.parse(result.stdout) as SshResult[];
  };
  const one = async (rehearsal: Rehearsal, job: SshJob): Promise<SshResult> =>
    (await talk(rehearsal, [job]))[0] ?? {};
  const onHost = (host: string, script: string) => hostExec(main, host, ["bash", "-c", script]);
  const first: SshJob = { address: "192.0.2.11", user: "ops", password };

  before(async () => {
    // Not root, or no namespaces: that is a failure with its reason, never a silent skip.
    requireMachine();
    linksBefore = readdirSync("/sys/class/net").sort();
    folder = mkdtempSync(join(tmpdir(), "sitewright-journey-"));
    main = rehearsalOf(open.name, { SITEWRIGHT_REHEARSALS: folder });
    other = rehearsalOf(closed.name, { SITEWRIGHT_REHEARSALS: folder });
    mkdirSync(join(folder, "checkout", "trust"), { recursive: true });
    writeFileSync(join(folder, "checkout", "trust", "site.known_hosts"), "the real site's\n");
    const bind = { source: main.folders.trust, target: join(folder, "checkout", "trust") };
    const [started, bastion] = await Promise.allSettled([
      start(main, open, [bind]),
      start(other, closed),
    ]);
    for (const result of [started, bastion]) {
      if (result.status === "rejected") throw result.reason;
    }
    assert.equal(started.status === "fulfilled" && started.value.hostsStarted.length, 12);
  });

  after(async () => {
    if (folder === undefined) return;
    for (const rehearsal of [main, other]) await endRehearsal(rehearsal);
    rmSync(folder, { recursive: true, force: true });
  });

  describe("over SSH", () => {
    it("all answer to a password, each as itself", async () => {
      const results = await talk(
        main,
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
      const stranger = utils.generateKeyPairSync("ed25519").private;
      const { password: _, ...keyless } = first;
      const results = await talk(main, [
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
      const strange = utils.generateKeyPairSync("ed25519").public.trim();
      const result = await one(main, { ...first, expectedKey: strange });
      assert.match(result.error ?? "let in", /[Hh]ost (denied|key)|verification failed/);
    });

    it("become root by sudo with the right password only", async () => {
      const sudo = { ...first, command: "sudo -k -S -p '' id -u" };
      const results = await talk(main, [
        { ...sudo, stdin: `${password}\n` },
        { ...sudo, stdin: `${wrong}\n` },
        { ...sudo, user: "guest", stdin: `${password}\n` },
        { ...first, command: "sudo -k -n id -u" },
      ]);
      assert.equal(results[0]?.stdout, "0\n");
      for (const refused of results.slice(1)) assert.notEqual(refused.code, 0);
    });

    it("take files by SFTP, give a terminal, and accept the language", async () => {
      const results = await talk(main, [
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
      assert.equal((await one(main, { ...first, command })).code, 0);
      const seen = await onHost("host-1", "ps -eo stat=,args=");
      assert.match(seen.stdout, /sleep 7777/);
      assert.doesNotMatch(seen.stdout, /^Z/m);
    });
  });

  describe("behind a bastion", () => {
    const bastion: SshJob = { address: "198.51.100.5", port: 2222, user: "jump", password };
    const node: SshJob = {
      address: "192.0.2.11",
      port: 2200,
      user: "root",
      password,
      command: "hostname",
    };

    it("answer through it and not directly, in their own rehearsal", async () => {
      const [through, direct] = await talk(other, [{ ...node, through: bastion }, node]);
      assert.equal(through?.error ?? through?.stdout, "node\n");
      assert.match(direct?.error ?? "let in", /EACCES|EHOSTUNREACH|ENETUNREACH/);
    });
  });

  describe("for whoever looks around on them", () => {
    it("have the processors, memory and disk of the site", async () => {
      const script =
        "nproc; grep -c ^processor /proc/cpuinfo; awk '/MemTotal/{print $2}' /proc/meminfo; " +
        "df -k --output=size / | tail -1; free -g | awk '/Mem/{print $2}'; wc -l < /proc/swaps";
      const { stdout } = await onHost("host-1", script);
      const GiB = 1024 * 1024;
      assert.deepEqual(stdout.trim().split(/\s+/).map(Number), [5, 5, 12 * GiB, 40 * GiB, 12, 1]);
    });

    it("show nothing of this machine's own", async () => {
      process.env.SITEWRIGHT_JOURNEY_SECRET = "leak";
      const seen = await onHost(
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
      const seen = await onHost(
        "host-1",
        `ls ${checkout}/package.json; touch ${checkout}/new; ls -A ${main.folders.root}; ls ${folder}`,
      );
      assert.match(seen.stdout, /package\.json/);
      assert.match(seen.stderr, /Read-only file system/);
      assert.doesNotMatch(seen.stdout, /keys|keeper/);
    });

    it("run out of disk for real", async () => {
      const { code, stderr } = await onHost("host-12", "head -c 64M /dev/zero > /var/big");
      assert.notEqual(code, 0);
      assert.match(stderr, /No space left on device/);
      assert.equal((await onHost("host-12", "rm /var/big; echo ok > /var/small")).code, 0);
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
      const { code, stdout, stderr } = await onHost("host-2", script);
      assert.equal(code, 0, stderr);
      assert.notEqual(stdout.trim(), swappiness.trim());
      assert.equal(readFileSync("/proc/sys/vm/swappiness", "utf8"), swappiness);
      assert.equal(readFileSync("/etc/hosts", "utf8"), hosts);
      assert.equal(readdirSync("/usr/bin").includes("sitewright-journey"), false);
      assert.equal(readdirSync("/etc/ssl").length > 0, true);
      assert.equal((await onHost("host-3", "cat /etc/hosts")).stdout.includes("changed"), false);
    });
  });

  describe("in their network", () => {
    it("stand where no route leads out", async () => {
      await proveNoRouteOut(main);
      await proveNoRouteOut(other);
      const server = createServer((socket) => socket.end("the machine"));
      await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
      try {
        const address = server.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        const probe = `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`;
        assert.notEqual((await runInside(main, ["bash", "-c", probe])).code, 0);
        assert.notEqual((await onHost("host-1", probe)).code, 0);
        const route = await runInside(main, ["ip", "route", "get", "203.0.113.1"]);
        assert.match(route.stderr, /unreachable/);
      } finally {
        server.close();
      }
    });

    it("are declared unsafe once something leads out", async () => {
      const add =
        "ip link add out type veth peer name far && ip address add 203.0.113.2/24 dev out && " +
        "ip link set out up && ip route add default dev out";
      assert.equal((await runInside(other, ["bash", "-c", add])).code, 0);
      await assert.rejects(proveNoRouteOut(other), /default route through out/);
      await runInside(other, ["ip", "link", "delete", "out"]);
      await proveNoRouteOut(other);
    });

    it("let only those connect who stand inside", () => {
      assert.throws(() => assertInsideRehearsal(main), /this is the machine's own network/);
      const record = requireRecord(main);
      assert.notEqual(record.networkNamespace, networkNamespace());
      assert.notEqual(record.networkNamespace, requireRecord(other).networkNamespace);
    });

    it("can be unplugged and plugged in again", async () => {
      await setHostConnected(main, "192.0.2.13", false);
      const job = { ...first, address: "192.0.2.13", command: "echo back" };
      assert.notEqual((await one(main, job)).error, undefined);
      await setHostConnected(main, "192.0.2.13", true);
      assert.equal((await one(main, job)).stdout, "back\n");
    });

    it("are known by name on the operator's side, together with the site's other names", async () => {
      const { stdout } = await runInside(main, ["getent", "hosts", "host-7", "lb.journey.test"]);
      assert.match(stdout, /192\.0\.2\.17\s+host-7/);
      assert.match(stdout, /192\.0\.2\.100\s+lb\.journey\.test/);
    });
  });

  describe("with a virtual address", () => {
    it("answer at it, wherever it moves, for the operator and for each other", async () => {
      const job: SshJob = { ...first, address: "192.0.2.100", command: "hostname" };
      const keyOf = (name: string) =>
        readFileSync(join(main.folders.keys, `${name}_ed25519.pub`), "utf8");
      for (const name of ["host-9", "host-10"]) {
        await onHost(name, "ip address add 192.0.2.100/32 dev eth0");
        const answer = await one(main, { ...job, expectedKey: keyOf(name).trim() });
        assert.equal(answer.error ?? answer.stdout, `${name}\n`);
        const banner = await onHost("host-1", "exec 3<>/dev/tcp/192.0.2.100/22; head -1 <&3");
        assert.match(banner.stdout, /^SSH-2\.0-OpenSSH/);
        await onHost(name, "ip address delete 192.0.2.100/32 dev eth0");
        // What keepalived's gratuitous ARP does at a site.
        for (const forget of [
          runInside(main, ["ip", "neigh", "flush", "all"]),
          onHost("host-1", "ip neigh flush all"),
        ]) {
          await forget;
        }
      }
    });
  });

  describe("when power goes", () => {
    const hosts = plannedHosts(open);
    const surroundings = { network: planNetwork(open), visible: [] };
    const victim = hosts.filter(({ name }) => name === "host-4");
    const job: SshJob = { ...first, address: "192.0.2.14", command: "cat /home/ops/kept" };

    it("come back with their disk, or with an empty one, and with the same key", async () => {
      await one(main, { ...job, upload: { path: "kept", text: "still here" } });
      await stopHost(main, "host-4");
      const state = describeSite(main).hosts.find(({ name }) => name === "host-4");
      assert.deepEqual([state?.up, state?.answering], [false, false]);
      assert.notEqual((await one(main, job)).error, undefined);
      await startHosts(main, victim, surroundings);
      assert.equal((await one(main, job)).stdout, "still here");
      await stopHost(main, "host-4", "wipe");
      await startHosts(main, victim, surroundings);
      const empty = await one(main, job);
      assert.equal(empty.error, undefined);
      assert.match(empty.stderr ?? "", /No such file/);
    });

    it("are left alone by a start that finds them as described, and joined by a new host", async () => {
      const before = requireRecord(main).initPid;
      const host = {
        ...open.hosts[0],
        name: "late",
        address: "192.0.2.40",
      } as (typeof open.hosts)[0];
      const grown = { ...open, hosts: [...open.hosts, host] };
      const again = await start(main, grown);
      assert.equal(again.keeperStarted, false);
      assert.deepEqual(
        again.hostsStarted.filter((name) => name !== "host-4"),
        ["late"],
      );
      assert.equal(requireRecord(main).initPid, before);
      const result = await one(main, { ...first, address: "192.0.2.40", command: "hostname" });
      assert.equal(result.stdout, "late\n");
    });
  });

  describe("the way in", () => {
    it("keeps exit codes, working folder and environment, and shows the rehearsal's own trust", async () => {
      const cwd = join(folder, "checkout");
      const { code, stdout } = await runInside(
        main,
        ["bash", "-c", "pwd; echo $WORD; cat trust/site.known_hosts; ls trust; exit 37"],
        { cwd, env: { WORD: "said" } },
      );
      assert.equal(code, 37);
      assert.equal(stdout, `${cwd}\nsaid\njourney-open.known_hosts\n`);
      const outside = readFileSync(join(cwd, "trust", "site.known_hosts"), "utf8");
      assert.equal(outside, "the real site's\n");
    });

    it("leaves no dead process behind whose parent is gone", async () => {
      const orphan = "(sleep 0.1 & exec true) & wait; sleep 0.4; ps -eo stat=,ppid= | grep -c '^Z'";
      assert.equal((await runInside(main, ["bash", "-c", orphan])).stdout.trim(), "0");
    });

    it("passes signals on to the command, which may still tidy up", async () => {
      const script = "trap 'echo tidied; exit 42' TERM; echo ready; while :; do sleep 0.05; done";
      const entered = enter(main, ["bash", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
      let text = "";
      entered.process.stdout?.on("data", (part: Buffer) => {
        if (text === "") entered.kill("SIGTERM");
        text += part.toString();
      });
      assert.deepEqual(await entered.ended, { code: 42 });
      assert.equal(text, "ready\ntidied\n");
    });

    it("ends the command when whoever entered is killed", async () => {
      const code = `
        const { rehearsalOf } = require(${JSON.stringify(join(checkout, "rehearsal/folders"))});
        const { enter } = require(${JSON.stringify(join(checkout, "rehearsal/keeper/enter"))});
        const rehearsal = rehearsalOf("${main.site}", { SITEWRIGHT_REHEARSALS: ${JSON.stringify(folder)} });
        enter(rehearsal, ["sleep", "8888"], { cwd: "/" });`;
      const run = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", code], {
        cwd: checkout,
        stdio: "ignore",
      });
      const sleeps = async () =>
        (
          await runInside(main, ["bash", "-c", "ps -eo args= | grep -c '^sleep 8888'"])
        ).stdout.trim();
      const until = async (count: string) => {
        for (let round = 0; round < 100 && (await sleeps()) !== count; round += 1) await delay(50);
        assert.equal(await sleeps(), count);
      };
      await until("1");
      run.kill("SIGKILL");
      await until("0");
    });
  });

  describe("at the end", () => {
    /**
     * Every process below a keeper's parent, with its start time, so that a reused pid is not taken
     * for it.
     */
    const processesOf = (rehearsal: Rehearsal): [pid: number, start: string][] => {
      const found = [requireRecord(rehearsal).keeperPid];
      const parents = readdirSync("/proc").flatMap((entry) => {
        if (!/^\d+$/.test(entry)) return [];
        try {
          const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
          return [
            [Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])] as const,
          ];
        } catch {
          return [];
        }
      });
      for (let index = 0; index < found.length; index += 1) {
        found.push(...parents.filter(([, parent]) => parent === found[index]).map(([pid]) => pid));
      }
      return found.map((pid) => [pid, startTime(pid) ?? ""]);
    };
    const assertNothingLeft = async (was: [pid: number, start: string][], rehearsal: Rehearsal) => {
      const alive = () => was.filter(([pid, start]) => start !== "" && startTime(pid) === start);
      for (let round = 0; round < 100 && alive().length > 0; round += 1) await delay(50);
      assert.deepEqual(alive(), []);
      const mounts = readFileSync("/proc/mounts", "utf8");
      assert.equal(mounts.includes(folder), false);
      assert.deepEqual(readdirSync("/sys/class/net").sort(), linksBefore);
      assert.deepEqual(readdirSync(rehearsal.folders.area), []);
      assert.equal(describeSite(rehearsal).running, false);
    };

    it("a rehearsal ends by itself when its time has passed", async () => {
      const was = processesOf(other);
      assert.equal(was.length > 4, true);
      setExpiry(other, new Date(Date.now() - 1000));
      await assertNothingLeft(was, other);
    });

    it("a keeper that is killed takes everything with it, and the next start keeps the host keys", async () => {
      const pinned = readFileSync(join(main.folders.trust, `${main.site}.known_hosts`), "utf8");
      const was = processesOf(main);
      assert.equal(was.length > 30, true);
      process.kill(requireRecord(main).keeperPid, "SIGKILL");
      await assertNothingLeft(was, main);
      const again = await start(main, open);
      assert.equal(again.keeperStarted, true);
      const repinned = readFileSync(join(main.folders.trust, `${main.site}.known_hosts`), "utf8");
      assert.equal(pinned.startsWith(repinned.trimEnd()), true);
      assert.equal((await one(main, { ...first, command: "echo new" })).stdout, "new\n");
    });

    it("ending it leaves no process, mount or link, and may be repeated", async () => {
      const was = processesOf(main);
      assert.deepEqual(await endRehearsal(main), []);
      await assertNothingLeft(was, main);
      assert.deepEqual(await endRehearsal(main), []);
      await assert.rejects(async () => runInside(main, ["true"]), /is not running/);
    });

    it("a machine that cannot hold one says so with every reason at once", () => {
      const error = new MachineLacks(["no root", "no overlay"]);
      assert.match(error.message, /no root\n {2}- no overlay/);
      assert.equal(error.exitCode, 5);
    });
  });
});
