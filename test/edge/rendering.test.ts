import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { addressRemovalScript, addressScript } from "../../components/edge/address-script";
import { haproxyConfig } from "../../components/edge/haproxy-config";
import { keepalivedFragment, keepalivedMain } from "../../components/edge/keepalived-config";
import { addressPreflight } from "../../site/platform/address-preflight";
import { controlPlaneAddress } from "../../site/platform/edge";
import type { KeepalivedBlueprint } from "../../site/platform/edge-types";
import { edgeWith, ownEdge } from "../support/edge-sites";
import { resolve, smallSite } from "../support/sites";
import { anyEdge } from "./support/any-edge";

function render(differences: object = {}, host = "192.0.2.41"): string {
  const edge = edgeWith(differences);
  return haproxyConfig(edge, ownEdge(edge).proxy, host);
}

/** Lines of a section of haproxy.cfg, without indentation. */
function section(config: string, heading: string): readonly string[] {
  const lines = config.split("\n");
  const from = lines.indexOf(heading);
  assert.ok(from >= 0, `no ${heading}`);
  const after = lines.slice(from + 1);
  const end = after.findIndex((line) => !line.startsWith(" "));
  return after.slice(0, end < 0 ? after.length : end).map((line) => line.trim());
}

function sharedControlPlane(count: number): KeepalivedBlueprint {
  const site = smallSite();
  const [first] = site.hosts;
  for (let at = 2; at <= count; at += 1) {
    site.hosts.push({
      ...first,
      name: `control-${at}`,
      address: `192.0.2.${10 + at}`,
      roles: ["control-plane"],
    });
  }
  site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10" };
  const found = controlPlaneAddress(resolve(site).site);
  assert.ok(found);
  return found;
}

describe("haproxy.cfg of an edge host", () => {
  it("passes HTTPS on to ready gateways, and to the standby while there is none", () => {
    const config = render();
    assert.deepEqual(section(config, "frontend https"), [
      "bind 192.0.2.40:443",
      "tcp-request connection track-sc0 src table clients",
      "tcp-request connection reject if { sc0_conn_cur gt 2000 }",
      "tcp-request connection reject if { sc0_conn_rate gt 2000 }",
      "default_backend https-machines",
    ]);
    assert.deepEqual(section(config, "backend https-machines"), [
      "balance leastconn",
      "server gateway-edge-1 192.0.2.41:30443 track gateway-ready/edge-1",
      "server gateway-edge-2 192.0.2.42:30443 track gateway-ready/edge-2",
      "# All that stand by share the work, once no gateway is ready.",
      "option allbackups",
      "server standby-worker-1 192.0.2.21:31443 track standby-ready/worker-1 backup",
      "server standby-worker-2 192.0.2.22:31443 track standby-ready/worker-2 backup",
    ]);
  });

  it("asks each gateway's status port once, in HTTP/1.1, whatever the number of ports", () => {
    assert.deepEqual(section(render(), "backend gateway-ready"), [
      "option httpchk",
      "http-check send meth GET uri /healthz/ready ver HTTP/1.1 hdr Host ready",
      "http-check expect status 200",
      "server edge-1 192.0.2.41:30021 check",
      "server edge-2 192.0.2.42:30021 check",
    ]);
  });

  it("tells the client's address where the site wants it, but not to further ports", () => {
    const ports = [{ name: "mqtt", port: 1883, nodePort: 30883 }];
    const config = render({ proxyProtocol: true, ports });
    for (const name of ["http", "https"]) {
      const servers = section(config, `backend ${name}-machines`).filter((line) =>
        /^server/.test(line),
      );
      assert.ok(
        servers.every((line) => line.endsWith(" send-proxy-v2")),
        servers.join("\n"),
      );
    }
    assert.deepEqual(section(config, "backend mqtt-machines"), [
      "balance leastconn",
      "server gateway-edge-1 192.0.2.41:30883 check",
      "server gateway-edge-2 192.0.2.42:30883 check",
    ]);
    assert.doesNotMatch(render(), /send-proxy/);
  });

  it("shows its figures to the host itself, and to others just where the site says so", () => {
    const own = section(render(), "frontend stats");
    assert.deepEqual(own.slice(0, 2), ["bind 127.0.0.1:8404", "mode http"]);
    const open = section(render({ stats: { allow: ["198.51.100.0/24"] } }), "frontend stats");
    assert.deepEqual(open.slice(0, 3), [
      "bind 127.0.0.1:8404",
      "bind 192.0.2.41:8404",
      "http-request deny unless { src 127.0.0.0/8 192.0.2.41/32 198.51.100.0/24 }",
    ]);
  });

  it("answers keepalived with a mark that changes with anything else in it", () => {
    const mark = (config: string) => /text\/plain string (\w+)/.exec(config)?.[1];
    const marks = [render(), render({ http: 8080 }), render({ limits: { connections: 50 } })].map(
      mark,
    );
    assert.match(marks[0] ?? "", /^[0-9a-f]{12}$/);
    assert.equal(new Set(marks).size, 3);
    assert.equal(mark(render()), marks[0]);
  });

  it("binds every port on every shared address once, whatever the site", () => {
    fc.assert(
      fc.property(anyEdge, (edge) => {
        const config = haproxyConfig(edge, ownEdge(edge).proxy, "192.0.2.41");
        const binds = [...config.matchAll(/^ {2}bind (\S+)$/gm)].map(([, bind]) => bind);
        assert.equal(new Set(binds).size, binds.length);
        for (const address of edge.addresses) {
          for (const { port } of edge.ports) assert.ok(binds.includes(`${address}:${port}`));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("keepalived's configuration", () => {
  it("starts every edge host as BACKUP, by unicast, and lets the address stay", () => {
    const { keepalived } = ownEdge(edgeWith());
    assert.equal(
      keepalivedFragment(keepalived, "edge-2"),
      `# Kept by Sitewright: changes made here are lost.
vrrp_script edge {
  script "/usr/libexec/keepalived/sitewright-proxy-check 8405"
  interval 1
  timeout 2
  fall 3
  rise 2
}
vrrp_instance edge {
  state BACKUP
  nopreempt
  interface @interface@
  virtual_router_id 51
  priority 190
  advert_int 1
  unicast_src_ip 192.0.2.42
  unicast_peer {
    192.0.2.41
  }
  virtual_ipaddress {
    192.0.2.40/32 dev @interface@
  }
  track_script {
    edge
  }
}
`,
    );
  });

  it("weighs the API server's answer instead of giving the address up, and never with nopreempt", () => {
    const fragment = keepalivedFragment(sharedControlPlane(3), "control-2");
    assert.match(fragment, /\n {2}weight -150\n/);
    assert.doesNotMatch(fragment, /preempt/);
    assert.match(fragment, /unicast_peer \{\n {4}192\.0\.2\.11\n {4}192\.0\.2\.13\n {2}\}/);
  });

  it("names no peers where there are none: keepalived refuses an empty list", () => {
    assert.doesNotMatch(keepalivedFragment(sharedControlPlane(1), "control-1"), /unicast_peer/);
  });

  it("lets two addresses return home after a pause, on the interface that the site names", () => {
    const { keepalived } = ownEdge(edgeWith({ secondAddress: "192.0.2.45", interface: "bond0" }));
    const fragment = keepalivedFragment(keepalived, "edge-1");
    assert.equal(fragment.match(/preempt_delay 30/g)?.length, 2);
    assert.equal(fragment.match(/interface bond0$/gm)?.length, 2);
    assert.doesNotMatch(fragment, /nopreempt|@/);
  });

  it("is a fault of ours for a host that shares nothing", () => {
    const { keepalived } = ownEdge(edgeWith());
    assert.throws(
      () => keepalivedFragment(keepalived, "worker-1"),
      /worker-1 is no member of edge/,
    );
  });

  it("gives the members of an address different priorities, or all the same where the check decides", () => {
    fc.assert(
      fc.property(anyEdge, (edge) => {
        for (const { members } of ownEdge(edge).keepalived.addresses) {
          const priorities = members.map(({ priority }) => priority);
          assert.equal(new Set(priorities).size, members.length);
          assert.ok(priorities.every((priority) => priority >= 10 && priority <= 254));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("has a main file that is the same with and without an edge", () => {
    assert.match(
      keepalivedMain("edge-1"),
      /router_id edge-1\n[\s\S]*include \/etc\/keepalived\/sitewright\.d\/\*\.conf\n$/,
    );
  });
});

describe("Scripts for hosts that share addresses", () => {
  const edge = edgeWith({ secondAddress: "192.0.2.45" });
  const { keepalived, proxy } = ownEdge(edge);
  const host = { name: "edge-1", address: "192.0.2.41" };
  const scripts: Readonly<Record<string, string>> = {
    "of an edge host": addressScript({
      host,
      keepalived,
      haproxy: haproxyConfig(edge, proxy, host.address),
    }),
    "of a control-plane host": addressScript({
      host: { name: "control-2", address: "192.0.2.12" },
      keepalived: sharedControlPlane(2),
    }),
    "that take an edge away": addressRemovalScript(keepalived),
    "that look before a delivery": addressPreflight(keepalived, "edge-1")
      .map(({ probe }) => probe)
      .join("\n"),
  };
  for (const [title, script] of Object.entries(scripts)) {
    it(`are sound shell: those ${title}`, () => {
      const checked = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
      assert.equal(checked.stderr, "");
      assert.equal(checked.status, 0);
    });
  }

  it("hold the configurations as readable text, so that a preview shows changed lines", () => {
    const script = scripts["of an edge host"] ?? "";
    assert.match(script, /\n {2}server gateway-edge-1 192\.0\.2\.41:30443 track /);
    assert.match(script, /\n {2}virtual_router_id 52\n/);
  });

  it("ask about every shared address, and leave out who has it by right", () => {
    const script = scripts["of an edge host"] ?? "";
    for (const address of ["192.0.2.40", "192.0.2.45"]) {
      assert.match(
        script,
        new RegExp(`\\n  free ${address.replaceAll(".", "\\.")} .*192\\.0\\.2\\.42`),
      );
    }
  });
});

describe("The look for whoever has a shared address", () => {
  const probe = addressPreflight(ownEdge(edgeWith()).keepalived, "edge-1").at(-1)?.probe ?? "";
  /** What the probe prints on a host whose neighbour table reads like this. */
  const found = (neighbours: string, ownAddresses = "") => {
    const tools = `ip() { case "$*" in *flush*) ;; *neigh*) printf '%s\\n' '${neighbours}' ;; *) printf '%s' '${ownAddresses}' ;; esac; }\nbash() { :; }\n`;
    return spawnSync("sh", ["-c", `${tools}${probe}`], { encoding: "utf8" }).stdout.trim();
  };
  const stranger = "192.0.2.40 dev eth0 lladdr 02:00:00:00:00:99 REACHABLE";
  const peer = "192.0.2.42 dev eth0 lladdr 02:00:00:00:00:42 REACHABLE";
  const table: readonly (readonly [string, string, string])[] = [
    ["nobody answered", "192.0.2.40 dev eth0  FAILED", ""],
    ["a stranger answered", stranger, "02:00:00:00:00:99"],
    ["a stranger answered, and so did the peer", `${stranger}\n${peer}`, "02:00:00:00:00:99"],
    ["the peer has it by right", `${peer.replace(".42", ".40")}\n${peer}`, ""],
    ["the table is empty", "", ""],
  ];
  for (const [title, neighbours, expected] of table) {
    it(`prints ${expected || "nothing"} when ${title}`, () => {
      assert.equal(found(neighbours), expected);
    });
  }

  it("says so when the host itself has it without us", () => {
    assert.equal(found("", "2: eth0 inet 192.0.2.40/24"), "this host");
  });
});
