import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Rehearsal, setExpiry } from "../../rehearsal/folders";
import { endRehearsal } from "../../rehearsal/keeper/end";
import { enter, runInside } from "../../rehearsal/keeper/enter";
import { requireRecord, startTime } from "../../rehearsal/keeper/record";
import { MachineLacks } from "../../rehearsal/machine";
import { describe as describeSite } from "../../rehearsal/site-machines";
import type { SshJob } from "../rehearsal/support/ssh-jobs";
import {
  checkout,
  closed,
  open,
  password,
  type Simulated,
  SimulatedSites,
} from "./support/simulated-sites";

const first: SshJob = { address: "192.0.2.11", user: "ops", password };

describe("the life of a rehearsal's hosts", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let main: Simulated;
  let other: Simulated;
  let linksBefore: string[];

  before(async () => {
    linksBefore = readdirSync("/sys/class/net").sort();
    sites = new SimulatedSites();
    main = sites.add(open);
    other = sites.add(closed);
    const trust = join(sites.folder, "checkout", "trust");
    mkdirSync(trust, { recursive: true });
    writeFileSync(join(trust, "site.known_hosts"), "the real site's\n");
    await Promise.all([
      main.start(open, [{ source: main.rehearsal.folders.trust, target: trust }]),
      other.start(),
    ]);
  });

  after(() => sites?.end());

  describe("the way in", () => {
    it("keeps exit codes, working folder and environment, and shows the rehearsal's own trust", async () => {
      const cwd = join(sites.folder, "checkout");
      const { code, stdout } = await runInside(
        main.rehearsal,
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
      assert.equal((await runInside(main.rehearsal, ["bash", "-c", orphan])).stdout.trim(), "0");
    });

    it("passes signals on to the command, which may still tidy up", async () => {
      const script = "trap 'echo tidied; exit 42' TERM; echo ready; while :; do sleep 0.05; done";
      const entered = enter(main.rehearsal, ["bash", "-c", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
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
        const rehearsal = rehearsalOf("${main.rehearsal.site}", { SITEWRIGHT_REHEARSALS: ${JSON.stringify(sites.folder)} });
        enter(rehearsal, ["sleep", "8888"], { cwd: "/" });`;
      const run = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", code], {
        cwd: checkout,
        stdio: "ignore",
      });
      const sleeps = async () =>
        (
          await runInside(main.rehearsal, ["bash", "-c", "ps -eo args= | grep -c '^sleep 8888'"])
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
      assert.equal(mounts.includes(sites.folder), false);
      assert.deepEqual(readdirSync("/sys/class/net").sort(), linksBefore);
      assert.deepEqual(readdirSync(rehearsal.folders.area), []);
      assert.equal(describeSite(rehearsal).running, false);
    };

    it("a rehearsal ends by itself when its time has passed", async () => {
      const was = processesOf(other.rehearsal);
      assert.equal(was.length > 4, true);
      setExpiry(other.rehearsal, new Date(Date.now() - 1000));
      await assertNothingLeft(was, other.rehearsal);
    });

    it("a keeper that is killed takes everything with it, and the next start keeps the host keys", async () => {
      const pinned = readFileSync(
        join(main.rehearsal.folders.trust, `${main.rehearsal.site}.known_hosts`),
        "utf8",
      );
      const was = processesOf(main.rehearsal);
      assert.equal(was.length > 30, true);
      process.kill(requireRecord(main.rehearsal).keeperPid, "SIGKILL");
      await assertNothingLeft(was, main.rehearsal);
      const again = await main.start(open);
      assert.equal(again.keeperStarted, true);
      const repinned = readFileSync(
        join(main.rehearsal.folders.trust, `${main.rehearsal.site}.known_hosts`),
        "utf8",
      );
      assert.equal(pinned.startsWith(repinned.trimEnd()), true);
      assert.equal((await main.one({ ...first, command: "echo new" })).stdout, "new\n");
    });

    it("ending it leaves no process, mount or link, and may be repeated", async () => {
      const was = processesOf(main.rehearsal);
      assert.deepEqual(await endRehearsal(main.rehearsal), []);
      await assertNothingLeft(was, main.rehearsal);
      assert.deepEqual(await endRehearsal(main.rehearsal), []);
      await assert.rejects(async () => runInside(main.rehearsal, ["true"]), /is not running/);
    });

    it("a machine that cannot hold one says so with every reason at once", () => {
      const error = new MachineLacks(["no root", "no overlay"]);
      assert.match(error.message, /no root\n {2}- no overlay/);
      assert.equal(error.exitCode, 5);
    });
  });
});
