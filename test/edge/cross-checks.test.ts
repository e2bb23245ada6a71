import assert from "node:assert/strict";
import { smallEdgeSite } from "../support/edge-sites";
import { problemsOf } from "../support/sites";

type AnySite = ReturnType<typeof smallEdgeSite>;

/** A way to spoil the site, and the beginning of every problem that is then found. */
const cases: readonly (readonly [string, (site: AnySite) => void, readonly string[]])[] = [
  [
    "no address",
    ({ edge }) => {
      edge.address = undefined;
    },
    ["edge.address: the address that the edge hosts share"],
  ],
  [
    "no address of the customer's balancer",
    (site) => {
      site.edge = { mode: "external" };
    },
    ["edge.address: the address of the balancer"],
  ],
  [
    "a single edge host",
    ({ hosts }) => {
      hosts.pop();
    },
    ["edge.mode: at least two hosts with the role edge"],
  ],
  [
    "a host's address",
    ({ edge }) => {
      edge.address = "192.0.2.22";
    },
    ["edge.address: a free address"],
  ],
  [
    "the endpoint's address",
    (site) => {
      site.cluster.endpoint = { mode: "external", address: "192.0.2.40" };
    },
    ["edge.address: a free address"],
  ],
  [
    "one balancer with one port for clients and API servers",
    (site) => {
      site.edge.mode = "external";
      site.edge.https = 6443;
      site.cluster.endpoint = { mode: "external", address: "192.0.2.40" };
    },
    ["edge.address: a free address"],
  ],
  [
    "a time server's address",
    (site) => {
      site.ntpServers = ["192.0.2.40"];
    },
    ["edge.address: a free address"],
  ],
  [
    "an address among those of Pods",
    ({ edge }) => {
      edge.address = "10.233.64.9";
    },
    ["edge.address: a free address", "edge.address: an address in the network of every edge host"],
  ],
  [
    "an address outside the edge hosts' network",
    ({ edge }) => {
      edge.address = "192.0.3.40";
    },
    ["edge.address: an address in the network of every edge host"],
  ],
  [
    "an address outside the edge hosts' small network",
    ({ edge }) => {
      edge.address = "192.0.2.60";
      edge.prefixLength = 28;
    },
    ["edge.address: an address in the network of every edge host"],
  ],
  [
    "the network's broadcast address",
    ({ edge }) => {
      edge.address = "192.0.2.255";
    },
    ["edge.address: an address in the network of every edge host"],
  ],
  [
    "one address twice",
    ({ edge }) => {
      edge.secondAddress = "192.0.2.40";
    },
    ["edge.secondAddress: a free address"],
  ],
  [
    "a second address at the customer's balancer",
    ({ edge }) => {
      edge.mode = "external";
      edge.secondAddress = "192.0.2.45";
    },
    ["edge.secondAddress: no second address with mode external"],
  ],
  [
    "the router id of the control plane's address",
    (site) => {
      site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10", routerId: 51 };
    },
    ["edge.routerId: router ids other than the endpoint's 51"],
  ],
  [
    "a second router id like the control plane's",
    (site) => {
      site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10" };
      site.edge.secondAddress = "192.0.2.45";
      site.edge.routerId = 49;
    },
    ["edge.routerId: router ids other than the endpoint's 50"],
  ],
  [
    "no router id left for the second address",
    ({ edge }) => {
      edge.secondAddress = "192.0.2.45";
      edge.routerId = 255;
    },
    ["edge.routerId: at most 254"],
  ],
  [
    "one port for HTTP and HTTPS",
    ({ edge }) => {
      edge.http = 443;
    },
    ["edge.https: a port that nothing else uses on an edge host"],
  ],
  [
    "ports of the SSH server, the kubelet, the monitor and a NodePort",
    ({ edge }) => {
      edge.http = 22;
      edge.https = 10250;
      edge.stats = { port: 8405 };
      edge.ports = [{ name: "odd", port: 30443, nodePort: 30900 }];
    },
    [
      "edge.http: a port that nothing else uses",
      "edge.https: a port that nothing else uses",
      "edge.ports[0].port: a port that nothing else uses",
      "edge.stats.port: a port that nothing else uses",
    ],
  ],
  [
    "the port of KubeKey's own haproxy",
    (site) => {
      site.cluster.endpoint = { mode: "haproxy" };
      site.edge.http = 8081;
    },
    ["edge.http: a port that nothing else uses"],
  ],
  [
    "further ports with a name, a port and a NodePort that are taken",
    ({ edge }) => {
      edge.ports = [
        { name: "mqtt", port: 1883, nodePort: 30883 },
        { name: "mqtt", port: 1883, nodePort: 30883 },
        { name: "https", port: 5000, nodePort: 30443 },
      ];
    },
    [
      "edge.ports[1].port: a port that nothing else uses",
      "edge.ports[1].name: a name that no other port has",
      "edge.ports[1].nodePort: a NodePort that nothing else has",
      "edge.ports[2].name: a name that no other port has",
      "edge.ports[2].nodePort: a NodePort that nothing else has",
    ],
  ],
  [
    "a shared control-plane address outside the hosts' network",
    (site) => {
      site.cluster.endpoint = { mode: "keepalived", address: "192.0.3.10" };
    },
    ["cluster.endpoint.address: an address in the network of every control-plane host"],
  ],
  [
    "no shared control-plane address",
    (site) => {
      site.cluster.endpoint = { mode: "keepalived" };
    },
    ["cluster.endpoint.address: the address that keepalived answers on"],
  ],
  [
    "keepalived's settings for an endpoint without keepalived",
    (site) => {
      site.cluster.endpoint = { mode: "haproxy", routerId: 9, interface: "eth1" };
    },
    [
      "cluster.endpoint.routerId: nothing with mode haproxy",
      "cluster.endpoint.interface: nothing with mode haproxy",
    ],
  ],
];

describe("Cross-checks of the edge find", () => {
  for (const [title, spoil, expected] of cases) {
    it(title, () => {
      const site = smallEdgeSite();
      spoil(site);
      const found = problemsOf(site)
        .map((problem) => problem.replace("sitewright:site.", ""))
        .sort();
      const wanted = [...expected].sort();
      assert.equal(found.length, wanted.length, found.join("\n"));
      wanted.forEach((beginning, at) => {
        assert.ok(found[at]?.startsWith(beginning), `${found[at]} instead of ${beginning}`);
      });
    });
  }
});

describe("Cross-checks of the edge find nothing in", () => {
  const sound: Readonly<Record<string, (site: AnySite) => void>> = {
    "the site that the cases above spoil": () => undefined,
    "a balancer of the customer's anywhere, with any ports": (site) => {
      site.hosts.splice(-2);
      site.edge = { mode: "external", address: "203.0.113.7", http: 22, https: 10250 };
    },
    "one balancer of the customer's for clients and API servers": (site) => {
      site.edge.mode = "external";
      site.cluster.endpoint = { mode: "external", address: "192.0.2.40" };
    },
    "two addresses beside a shared control-plane address": (site) => {
      site.edge.secondAddress = "192.0.2.45";
      site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10" };
    },
    "several control-plane hosts that share an address": (site) => {
      const [first] = site.hosts;
      site.hosts.push({
        ...first,
        name: "control-2",
        address: "192.0.2.12",
        roles: ["control-plane"],
      });
      site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10", interface: "bond0.20" };
    },
    "an address in a network of another size": (site) => {
      site.edge.address = "192.0.3.40";
      site.edge.prefixLength = 22;
    },
  };
  for (const [title, change] of Object.entries(sound)) {
    it(title, () => {
      const site = smallEdgeSite();
      change(site);
      assert.deepEqual(problemsOf(site), []);
    });
  }
});
