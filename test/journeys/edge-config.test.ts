import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { haproxyConfig } from "../../components/edge/haproxy-config";
import {
  checkProgram,
  checkPrograms,
  interfacePlaceholder,
  keepalivedFragment,
  keepalivedMain,
} from "../../components/edge/keepalived-config";
import { nodePortAnswers, nodePortsConfig } from "../../rehearsal/kubekey/cluster/node-ports";
import { anyEdge } from "../edge/support/any-edge";
import { edgeWith, ownEdge } from "../support/edge-sites";
import { edgeSite, succeed } from "./support/edge-site";
import { type Simulated, SimulatedSites } from "./support/simulated-sites";

/** Files for one run of the real programs, in a folder that the host sees. */
interface Case {
  readonly haproxy: string;
  readonly fragment: string;
  readonly nodePorts: string;
}

describe("Files of edge hosts, as the real haproxy and keepalived see them", function () {
  this.timeout(60_000);
  let sites: SimulatedSites;
  let simulated: Simulated;

  before(async () => {
    sites = new SimulatedSites();
    const site = edgeSite(edgeWith());
    simulated = sites.add({ ...site, hosts: site.hosts.slice(0, 1) });
    await simulated.start();
    const check = checkPrograms.proxy;
    await succeed(
      simulated,
      "edge-1",
      `mkdir -p ${check.slice(0, check.lastIndexOf("/"))} && cat > ${check} <<'END' && chmod 755 ${check}\n${checkProgram("proxy")}END\n`,
    );
  });

  after(() => sites?.end());

  /** Whether both programs accept the files; what they said. */
  async function judge(cases: readonly Case[]) {
    const folder = join(sites.folder, "cases");
    cases.forEach(({ haproxy, fragment, nodePorts }, at) => {
      const own = join(folder, String(at));
      mkdirSync(join(own, "fragments"), { recursive: true });
      writeFileSync(join(own, "haproxy.cfg"), haproxy);
      writeFileSync(join(own, "node-ports.cfg"), nodePorts);
      writeFileSync(join(own, "fragments/edge.conf"), fragment);
      writeFileSync(join(own, "main"), keepalivedMain("edge-1", join(own, "fragments")));
    });
    const script = `cd ${folder}
mkdir -p /run/simulated-host
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -keyout /tmp/key -out /tmp/crt 2>/dev/null
cat /tmp/crt /tmp/key > /run/simulated-host/node-ports.pem
for n in $(ls | sort -n); do
  haproxy -c -f $n/haproxy.cfg 2>&1 || echo "REFUSED $n haproxy.cfg"
  haproxy -c -f $n/node-ports.cfg 2>&1 || echo "REFUSED $n node-ports.cfg"
  keepalived -t -f $n/main 2>&1 || echo "REFUSED $n keepalived.conf"
done`;
    return succeed(simulated, "edge-1", script);
  }

  it("are accepted for sites of many shapes", async () => {
    const cases = fc.sample(anyEdge, { numRuns: 12, seed: 42 }).map((edge): Case => {
      const answers = nodePortAnswers(edge, "edge-1");
      assert.ok(answers);
      const { keepalived, proxy } = ownEdge(edge);
      const fragment = keepalivedFragment(keepalived, "edge-1");
      return {
        haproxy: haproxyConfig(edge, proxy, "192.0.2.41"),
        // The host has no bond; keepalived looks whether an interface is there.
        fragment: fragment.replaceAll(interfacePlaceholder, "eth0").replaceAll("bond0.20", "eth0"),
        nodePorts: nodePortsConfig("edge-1", answers),
      };
    });
    const said = await judge(cases);
    assert.doesNotMatch(said, /REFUSED|ALERT|WARNING/, said);
    assert.equal(said.match(/Configuration file is valid/g)?.length, 24);
  });

  it("are refused when they are wrong, so that the test above can fail", async () => {
    const edge = edgeWith();
    const { keepalived, proxy } = ownEdge(edge);
    const said = await judge([
      {
        haproxy: haproxyConfig(edge, proxy, "192.0.2.41").replace("mode tcp", "mode telepathy"),
        fragment: keepalivedFragment(keepalived, "edge-1")
          .replaceAll(interfacePlaceholder, "eth0")
          .replace("virtual_router_id 51", "virtual_router_id 300"),
        nodePorts: "frontend",
      },
    ]);
    assert.match(
      said,
      /REFUSED 0 haproxy\.cfg[\s\S]*REFUSED 0 node-ports\.cfg[\s\S]*REFUSED 0 keepalived\.conf/,
    );
  });
});
