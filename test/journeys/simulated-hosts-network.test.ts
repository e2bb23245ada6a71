import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setHostConnected } from "../../rehearsal/hosts/exec";
import { startHosts, stopHost } from "../../rehearsal/hosts/start";
import { runInside } from "../../rehearsal/keeper/enter";
import { assertInsideRehearsal } from "../../rehearsal/keeper/inside";
import { networkNamespace } from "../../rehearsal/keeper/namespaces";
import { requireRecord } from "../../rehearsal/keeper/record";
import { proveNoRouteOut } from "../../rehearsal/network/no-route-out";
import { planNetwork } from "../../rehearsal/network/plan";
import { plannedHosts } from "../../rehearsal/simulated-site";
import { describe as describeSite } from "../../rehearsal/site-machines";
import type { SshJob } from "../rehearsal/support/ssh-jobs";
import { closed, open, password, type Simulated, SimulatedSites } from "./support/simulated-sites";

const first: SshJob = { address: "192.0.2.11", user: "ops", password };

describe("the network of the simulated hosts", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let main: Simulated;
  let other: Simulated;

  before(async () => {
    sites = new SimulatedSites();
    main = sites.add(open);
    other = sites.add(closed);
    for (const site of [main, other]) await site.start();
  });

  after(() => sites?.end());

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
      const [through, direct] = await other.talk([{ ...node, through: bastion }, node]);
      assert.equal(through?.error ?? through?.stdout, "node\n");
      assert.match(direct?.error ?? "let in", /EACCES|EHOSTUNREACH|ENETUNREACH/);
    });
  });

  describe("in their network", () => {
    it("stand where no route leads out", async () => {
      await proveNoRouteOut(main.rehearsal);
      await proveNoRouteOut(other.rehearsal);
      const server = createServer((socket) => socket.end("the machine"));
      await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
      try {
        const address = server.address();
        const port = typeof address === "object" && address !== null ? address.port : 0;
        const probe = `exec 3<>/dev/tcp/127.0.0.1/${port} && cat <&3`;
        assert.notEqual((await runInside(main.rehearsal, ["bash", "-c", probe])).code, 0);
        assert.notEqual((await main.onHost("host-1", probe)).code, 0);
        const route = await runInside(main.rehearsal, ["ip", "route", "get", "203.0.113.1"]);
        assert.match(route.stderr, /unreachable/);
      } finally {
        server.close();
      }
    });

    it("are declared unsafe once something leads out", async () => {
      const add =
        "ip link add out type veth peer name far && ip address add 203.0.113.2/24 dev out && " +
        "ip link set out up && ip route add default dev out";
      assert.equal((await runInside(other.rehearsal, ["bash", "-c", add])).code, 0);
      await assert.rejects(proveNoRouteOut(other.rehearsal), /default route through out/);
      await runInside(other.rehearsal, ["ip", "link", "delete", "out"]);
      await proveNoRouteOut(other.rehearsal);
    });

    it("let only those connect who stand inside", () => {
      assert.throws(
        () => assertInsideRehearsal(main.rehearsal),
        /this is the machine's own network/,
      );
      const record = requireRecord(main.rehearsal);
      assert.notEqual(record.networkNamespace, networkNamespace());
      assert.notEqual(record.networkNamespace, requireRecord(other.rehearsal).networkNamespace);
    });

    it("are named with the next step where a deployment cannot reach them", async () => {
      const hostKeys = [
        readFileSync(join(main.rehearsal.folders.keys, "host-3_ed25519.pub"), "utf8"),
      ];
      const login = { port: 22, user: "ops", password, hostKeys };
      const rest = { site: open.name, sudo: "password" as const, timeoutSeconds: 2 };
      const known = { ...login, ...rest, name: "host-3", address: "192.0.2.13" };
      assert.deepEqual(await main.dial(known), { kind: "in", message: "" });
      await setHostConnected(main.rehearsal, "192.0.2.13", false);
      const unplugged = await main.dial(known);
      await setHostConnected(main.rehearsal, "192.0.2.13", true);
      assert.match(unplugged.kind, /^(timeout|no-route)$/);
      assert.match(unplugged.message, /^host-3 \(192\.0\.2\.13\) .*\n {2}next: check/);
      const elsewhere = await main.dial({ ...known, address: "203.0.113.7" });
      assert.equal(elsewhere.kind, "no-route");
      assert.match(elsewhere.message, /no route .*\n {2}next: check routing, the VPN/);
    });

    it("can be unplugged and plugged in again", async () => {
      await setHostConnected(main.rehearsal, "192.0.2.13", false);
      const job = { ...first, address: "192.0.2.13", command: "echo back" };
      assert.notEqual((await main.one(job)).error, undefined);
      await setHostConnected(main.rehearsal, "192.0.2.13", true);
      assert.equal((await main.one(job)).stdout, "back\n");
    });

    it("are known by name on the operator's side, together with the site's other names", async () => {
      const { stdout } = await runInside(main.rehearsal, [
        "getent",
        "hosts",
        "host-7",
        "lb.journey.test",
      ]);
      assert.match(stdout, /192\.0\.2\.17\s+host-7/);
      assert.match(stdout, /192\.0\.2\.100\s+lb\.journey\.test/);
    });
  });

  describe("with a virtual address", () => {
    it("answer at it, wherever it moves, for the operator and for each other", async () => {
      const job: SshJob = { ...first, address: "192.0.2.100", command: "hostname" };
      const keyOf = (name: string) =>
        readFileSync(join(main.rehearsal.folders.keys, `${name}_ed25519.pub`), "utf8");
      for (const name of ["host-9", "host-10"]) {
        await main.onHost(name, "ip address add 192.0.2.100/32 dev eth0");
        const answer = await main.one({ ...job, expectedKey: keyOf(name).trim() });
        assert.equal(answer.error ?? answer.stdout, `${name}\n`);
        const banner = await main.onHost("host-1", "exec 3<>/dev/tcp/192.0.2.100/22; head -1 <&3");
        assert.match(banner.stdout, /^SSH-2\.0-OpenSSH/);
        await main.onHost(name, "ip address delete 192.0.2.100/32 dev eth0");
        // What keepalived's gratuitous ARP does at a site.
        for (const forget of [
          runInside(main.rehearsal, ["ip", "neigh", "flush", "all"]),
          main.onHost("host-1", "ip neigh flush all"),
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
      await main.one({ ...job, upload: { path: "kept", text: "still here" } });
      await stopHost(main.rehearsal, "host-4");
      const state = describeSite(main.rehearsal).hosts.find(({ name }) => name === "host-4");
      assert.deepEqual([state?.up, state?.answering], [false, false]);
      assert.notEqual((await main.one(job)).error, undefined);
      await startHosts(main.rehearsal, victim, surroundings);
      assert.equal((await main.one(job)).stdout, "still here");
      await stopHost(main.rehearsal, "host-4", "wipe");
      await startHosts(main.rehearsal, victim, surroundings);
      const empty = await main.one(job);
      assert.equal(empty.error, undefined);
      assert.match(empty.stderr ?? "", /No such file/);
    });

    it("are left alone by a start that finds them as described, and joined by a new host", async () => {
      const before = requireRecord(main.rehearsal).initPid;
      const host = {
        ...open.hosts[0],
        name: "late",
        address: "192.0.2.40",
      } as (typeof open.hosts)[0];
      const grown = { ...open, hosts: [...open.hosts, host] };
      const again = await main.start(grown);
      assert.equal(again.keeperStarted, false);
      assert.deepEqual(
        again.hostsStarted.filter((name) => name !== "host-4"),
        ["late"],
      );
      assert.equal(requireRecord(main.rehearsal).initPid, before);
      const result = await main.one({ ...first, address: "192.0.2.40", command: "hostname" });
      assert.equal(result.stdout, "late\n");
    });
  });
});
