import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { startNodePortsScript } from "../../rehearsal/kubekey/cluster/node-ports";
import { simulationOf } from "../../rehearsal/run/simulation";
import { resolve, smallSite } from "../support/sites";
import { get, secondsUntil, succeed } from "./support/edge-site";
import { password, type Simulated, SimulatedSites } from "./support/simulated-sites";

describe("the customer's own balancer, in a rehearsal", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let simulated: Simulated;
  const url = "http://203.0.113.7/";

  before(async () => {
    const site = smallSite();
    site.edge = { mode: "external", address: "203.0.113.7", proxyProtocol: true };
    const { blueprint } = resolve(site);
    sites = new SimulatedSites();
    simulated = sites.add(simulationOf(blueprint, { sshPassword: password }));
    await simulated.start();
  });

  after(() => sites?.end());

  it("has nothing to forward to while no host is a node", async () => {
    assert.equal(await get(simulated, url), undefined);
  });

  it("forwards to the workers of a site without edge hosts, and tells who asks", async () => {
    for (const name of ["worker-1", "worker-2"]) {
      await succeed(simulated, name, startNodePortsScript);
    }
    // The balancer looks at each worker once a second, so that one may be taken in before the other; it then takes turns.
    // The address is the client's, not the balancer's.
    for (const worker of ["worker-1", "worker-2"]) {
      const answer = new RegExp(`^simulated gateway on ${worker} for 203\\.0\\.113\\.254$`);
      await secondsUntil(simulated, url, answer, 10);
    }
  });

  it("passes over a machine that does not answer", async () => {
    await succeed(simulated, "worker-1", "kill -KILL $(cat /run/sitewright/node-ports.pid)");
    await delay(4000);
    const answers = await Promise.all(Array.from({ length: 10 }, () => get(simulated, url)));
    for (const answer of answers) assert.match(answer ?? "", /^simulated gateway on worker-2 for /);
  });
});
