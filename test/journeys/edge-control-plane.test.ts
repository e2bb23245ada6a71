import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { addressRemovalScript, addressScript } from "../../components/edge/address-script";
import { stopHost } from "../../rehearsal/hosts/start";
import type { SimulatedSite } from "../../rehearsal/simulated-site";
import { resolve, smallSite } from "../support/sites";
import { holders, secondsUntil, succeed } from "./support/edge-site";
import { password, type Simulated, SimulatedSites } from "./support/simulated-sites";

const address = "192.0.2.10";
const url = `https://${address}:6443/livez`;
const names = ["control-1", "control-2"] as const;
const hosts = names.map((name, at) => ({ name, address: `192.0.2.${11 + at}` }));

/** Two control-plane hosts that share an address. */
function controlPlane() {
  const site = smallSite();
  const [first] = site.hosts;
  site.hosts.push({ ...first, name: "control-2", address: "192.0.2.12", roles: ["control-plane"] });
  site.cluster.endpoint = { mode: "keepalived", address };
  const { controlPlaneAddress } = resolve(site).blueprint;
  assert.ok(controlPlaneAddress);
  return controlPlaneAddress;
}

const simulatedSite: SimulatedSite = {
  name: "journey-control-plane",
  subnets: ["192.0.2.0/24"],
  hosts: hosts.map((host) => ({
    ...host,
    cpus: 2,
    memoryGiB: 4,
    diskGiB: 10,
    logins: [{ user: "root", password, authorizedKeys: [], sudo: "none" }],
  })),
  directAccess: true,
  extraAddresses: [address],
  names: [],
};

/** TLS on the API server's port; who asks for a page gets one, with status 200. */
const startApi = `cd /tmp
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=api -keyout key -out crt 2>/dev/null
nohup setsid openssl s_server -accept 6443 -cert crt -key key -www >/dev/null 2>&1 </dev/null &
echo $! > /run/api.pid
for t in {1..50}; do curl -sk https://127.0.0.1:6443/ >/dev/null && exit 0; sleep 0.1; done; exit 1`;

describe("control-plane hosts that share an address", function () {
  this.timeout(120_000);
  const keepalived = controlPlane();
  let sites: SimulatedSites;
  let simulated: Simulated;
  const owners = () => holders(simulated, names, address);

  before(async () => {
    sites = new SimulatedSites();
    simulated = sites.add(simulatedSite);
    await simulated.start();
  });

  after(() => sites?.end());

  it("give it to the first one while no API server runs yet, and leave it there", async () => {
    for (const host of hosts) {
      const said = await succeed(simulated, host.name, addressScript({ host, keepalived }));
      assert.equal(said, "control-plane in place on eth0; keepalived\n");
    }
    await delay(5000);
    assert.deepEqual(await owners(), ["control-1"]);
    assert.match(
      (await simulated.onHost("control-1", "cat /etc/haproxy/haproxy.cfg")).stdout,
      /^(?![\s\S]*itewright)/,
      "the proxy is not ours here",
    );
  });

  it("leave it on the first one when its API server comes up, and the second's after it", async () => {
    for (const name of names) {
      await succeed(simulated, name, startApi);
      await secondsUntil(simulated, url, /HTTP|<HTML>/i, 10);
      await delay(3500);
      assert.deepEqual(await owners(), ["control-1"]);
    }
  });

  it("move it when its API server dies, and not back when it is there again", async () => {
    await succeed(simulated, "control-1", "kill -KILL $(cat /run/api.pid)");
    const seconds = await secondsUntil(simulated, url, /HTTP|<HTML>/i, 10);
    console.log(`      API server killed: the address answers again after ${seconds.toFixed(1)} s`);
    assert.deepEqual(await owners(), ["control-2"]);
    await succeed(simulated, "control-1", startApi);
    await delay(6000);
    assert.deepEqual(await owners(), ["control-2"]);
  });

  it("move it when its host dies", async () => {
    await stopHost(simulated.rehearsal, "control-2");
    const seconds = await secondsUntil(simulated, url, /HTTP|<HTML>/i, 10);
    console.log(`      host lost: the address answers again after ${seconds.toFixed(1)} s`);
    assert.deepEqual(await owners(), ["control-1"]);
  });

  it("keep it while every check fails: a sick control plane is better than none", async () => {
    await succeed(simulated, "control-1", "kill -KILL $(cat /run/api.pid)");
    await delay(6000);
    assert.deepEqual(await owners(), ["control-1"]);
  });

  it("give it back when it is taken away", async () => {
    const said = await succeed(simulated, "control-1", addressRemovalScript(keepalived));
    assert.equal(said, "control-plane removed\n");
    assert.deepEqual(await owners(), []);
  });
});
