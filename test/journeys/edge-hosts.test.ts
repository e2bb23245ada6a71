import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { addressRemovalScript, addressScript } from "../../components/edge/address-script";
import { stopHost } from "../../rehearsal/hosts/start";
import type { KeepalivedBlueprint } from "../../site/platform/edge-types";
import { edgeWith, ownEdge } from "../support/edge-sites";
import {
  edgeRemoval,
  edgeScript,
  edgeSite,
  get,
  holders,
  secondsUntil,
  sharedAddress,
  startNodePorts,
  succeed,
} from "./support/edge-site";
import { type Simulated, SimulatedSites } from "./support/simulated-sites";

const edges = ["edge-1", "edge-2"] as const;
const url = `http://${sharedAddress}/`;

describe("edge hosts with keepalived and haproxy", function () {
  this.timeout(120_000);
  const edge = edgeWith({ proxyProtocol: true }, [{ port: 5672, nodePort: 30_012 }]);
  const site = edgeSite(edge);
  let sites: SimulatedSites;
  let simulated: Simulated;
  const owners = () => holders(simulated, edges, sharedAddress);
  const owner = async () => {
    const [found = "edge-1", ...others] = await owners();
    assert.deepEqual(others, [], "two hosts have the address");
    return found === "edge-1" ? "edge-1" : "edge-2";
  };
  /** A host's services start by themselves a little after its SSH server. */
  const untilRunning = (host: string) =>
    succeed(
      simulated,
      host,
      `for t in {1..100}; do service keepalived status && /usr/libexec/keepalived/sitewright-proxy-check 8405 && sleep 2 && exit 0; sleep 0.2; done 2>/dev/null; exit 1`,
    );

  before(async () => {
    sites = new SimulatedSites();
    simulated = sites.add(site);
    await simulated.start();
    await startNodePorts(simulated);
  });

  after(() => sites?.end());

  it("are not touched while another machine answers on the shared address", async () => {
    await succeed(simulated, "stranger", `ip address add ${sharedAddress}/32 dev eth0`);
    const { code, stderr } = await simulated.onHost("edge-1", edgeScript(edge, "edge-1"));
    assert.equal(code, 1);
    assert.match(stderr, /192\.0\.2\.40 is taken: 02:00:c0:00:02:63 answers on it; next: free it/);
    const left = await simulated.onHost(
      "edge-1",
      "service keepalived status || ls /etc/keepalived",
    );
    assert.doesNotMatch(left.stdout, /conf$|sitewright/m);
    await succeed(simulated, "stranger", `ip address del ${sharedAddress}/32 dev eth0`);
  });

  it("share the address once set up one after the other, and a second run changes nothing", async () => {
    for (const name of edges) {
      assert.match(await succeed(simulated, name, edgeScript(edge, name)), /haproxy keepalived\n$/);
    }
    await secondsUntil(simulated, url, /^simulated gateway on edge-[12] /, 10);
    assert.deepEqual(await owners(), ["edge-1"]);
    for (const name of edges) {
      const said = await succeed(simulated, name, edgeScript(edge, name));
      assert.equal(said, "edge in place on eth0; nothing to change\n");
    }
  });

  it("tell gateways the client's address by PROXY protocol", async () => {
    const answer = (await get(simulated, url)) ?? "";
    assert.match(answer, / for 192\.0\.2\.254$/, "the operator's, not the edge host's");
  });

  it("lead ports for what is not HTTP to gateways alone, the client's address included", async () => {
    const answer = (await get(simulated, `http://${sharedAddress}:5672/`)) ?? "";
    assert.match(answer, /^simulated gateway port 30012 on edge-[12] for 192\.0\.2\.254$/);
  });

  it("pass TLS on, and answer the standby while no gateway is ready", async () => {
    const secure = `https://${sharedAddress}/`;
    assert.match((await get(simulated, secure)) ?? "", /^simulated gateway/);
    const stop = (host: string, signal: string) =>
      succeed(simulated, host, `kill -${signal} $(cat /run/sitewright/node-ports.pid)`);
    for (const name of edges) await stop(name, "STOP");
    await secondsUntil(simulated, url, /^simulated standby on worker-1 /, 15);
    assert.match((await get(simulated, secure)) ?? "", /^simulated standby/);
    for (const name of edges) await stop(name, "CONT");
    await secondsUntil(simulated, url, /^simulated gateway/, 15);
  });

  it("keep a configuration that haproxy or keepalived refuses from replacing the one that serves", async () => {
    const bad = [
      edgeScript(edge, "edge-1").replace("balance leastconn", "balance at-random"),
      edgeScript(edge, "edge-1").replace("advert_int 1", "advert_int never"),
      // Sound for `haproxy -c`, but the SSH server has the port already.
      edgeScript(edge, "edge-1")
        .replaceAll(`bind ${sharedAddress}:80\n`, "bind :22\n")
        .replace(/string [0-9a-f]{12}/, "string 0123456789ab"),
    ];
    const said: string[] = [];
    for (const script of bad) {
      const { code, stderr } = await simulated.onHost("edge-1", script);
      assert.equal(code, 1);
      said.push(stderr);
      assert.match((await get(simulated, url)) ?? "", /^simulated gateway/);
    }
    assert.match(
      said[0] ?? "",
      /haproxy refuses its configuration, the former one stays: .*balance only supports/s,
    );
    assert.match(
      said[1] ?? "",
      /keepalived refuses its configuration, the former one stays: .*never/s,
    );
    assert.match(
      said[2] ?? "",
      /haproxy did not take its configuration up, the former one is back/,
    );
    assert.match(
      await succeed(simulated, "edge-1", edgeScript(edge, "edge-1")),
      /nothing to change/,
    );
  });

  it("move the address within seconds when the proxy dies, and do not move it back", async () => {
    const first = await owner();
    await succeed(simulated, first, "kill -KILL $(pgrep -f '^/usr/sbin/haproxy')");
    const seconds = await secondsUntil(simulated, url, /^simulated gateway/, 10);
    console.log(`      proxy killed: the address answers again after ${seconds.toFixed(1)} s`);
    const second = await owner();
    assert.notEqual(second, first);
    const said = await succeed(simulated, first, edgeScript(edge, first));
    assert.match(said, /^edge in place on eth0; /);
    await delay(6000);
    assert.equal(await owner(), second, "it flapped back");
  });

  it("move the address within seconds when the host dies, and serve from it after its restart", async () => {
    const first = await owner();
    await stopHost(simulated.rehearsal, first);
    const seconds = await secondsUntil(simulated, url, /^simulated gateway/, 10);
    console.log(`      host lost: the address answers again after ${seconds.toFixed(1)} s`);
    const second = await owner();
    assert.notEqual(second, first);
    await simulated.start();
    await untilRunning(first);
    assert.equal(await owner(), second, "it flapped back");
    await stopHost(simulated.rehearsal, second);
    await secondsUntil(simulated, url, /^simulated gateway/, 10);
    assert.equal(await owner(), first);
    await simulated.start();
    await untilRunning(second);
  });

  it("can be control-plane hosts as well: each address comes and goes by itself", async () => {
    const { keepalived } = ownEdge(edge);
    const [shared] = keepalived.addresses;
    assert.ok(shared);
    const second: KeepalivedBlueprint = {
      name: "control-plane",
      addresses: [{ ...shared, name: "control-plane", address: "192.0.2.10", routerId: 50 }],
      check: { kind: "api-server", port: 22 },
    };
    const host = { name: "edge-1", address: "192.0.2.41" };
    const put = addressScript({ host, keepalived: second });
    // No API server is here; what counts is that both files are accepted and one of them goes alone.
    assert.match(await succeed(simulated, "edge-1", put), /^control-plane in place/);
    assert.match((await get(simulated, url)) ?? "", /^simulated gateway/);
    const said = await succeed(simulated, "edge-1", edgeScript(edge, "edge-1"));
    assert.match(said, /nothing to change/);
    await succeed(simulated, "edge-1", addressRemovalScript(second));
    const left = await succeed(
      simulated,
      "edge-1",
      "ls /etc/keepalived/sitewright.d; service keepalived status && echo runs",
    );
    assert.equal(left, "edge.conf\nruns\n");
  });

  it("leave nothing behind when they are taken away", async () => {
    for (const name of edges) {
      assert.match(await succeed(simulated, name, edgeRemoval(edge)), /edge removed/);
      const left = await succeed(
        simulated,
        name,
        "ls -A /etc/keepalived /usr/libexec/keepalived 2>/dev/null; ls /etc/sysctl.d; grep -c sitewright -i /etc/haproxy/haproxy.cfg; pgrep -l keepalived; true",
      );
      assert.doesNotMatch(left, /sitewright|keepalived$/m);
    }
    assert.deepEqual(await owners(), []);
  });
});
