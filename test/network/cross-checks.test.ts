import assert from "node:assert/strict";
import { ownNodePort } from "../../site/workload/node-ports";
import { type Change, problemsOfConnected } from "./support/connected-release";

interface Case {
  readonly title: string;
  readonly change: Change;
  /** Document, path and the beginning of what is needed, of every problem expected. */
  readonly problems: readonly string[];
}

function describeProblems(group: string, cases: readonly Case[]): void {
  describe(`Cross-checks of ${group} find`, () => {
    for (const { title, change, problems } of cases) {
      it(title, () => {
        const found = problemsOfConnected(change);
        // Which comes first is the report's business.
        const left = problems.filter((wanted) => !found.some((text) => text.startsWith(wanted)));
        assert.deepEqual(left, [], found.join("\n"));
        assert.equal(found.length, problems.length, found.join("\n"));
      });
    }
  });
}

describeProblems("ports", [
  { title: "nothing in a sound release", change: () => {}, problems: [] },
  {
    title: "two ports of one number, but not where one is UDP",
    change: (_site, { workloads }) => {
      workloads.broker.ports.push(
        { name: "udp-more", port: 5672 },
        { name: "more", port: 5672 },
        { name: "amqp", port: 1 },
      );
    },
    problems: [
      "release workloads.broker.ports[3].port: a port of its own",
      "release workloads.broker.ports[4].name: a name of its own",
    ],
  },
  {
    title: "a workload named like another's second Service",
    change: (_site, { workloads }) => {
      workloads["web-node-ports"] = { ...workloads.orders, expose: [] };
    },
    problems: ["release workloads.web-node-ports: a name without -node-ports"],
  },
  {
    title: "differences of ports that the workload does not have",
    change: (site) => {
      site.workloads = { web: { ports: { htp: { nodePort: 30_001 } } } };
    },
    problems: ["site workloads.web.ports.htp: a port of the workload: http"],
  },
  {
    title: "a NodePort of the platform, and one that two want",
    change: (site, { workloads }) => {
      workloads.orders.ports[0].nodePort = 30_443;
      site.workloads = { vault: { ports: { https: { nodePort: 30_079 } } } };
    },
    problems: [
      "release workloads.orders.ports[0].nodePort: a NodePort that nothing else has",
      "site workloads.vault.ports.https.nodePort: a NodePort that nothing else has",
    ],
  },
  {
    title: "a NodePort that follows from a name and is stated elsewhere",
    change: (_site, { workloads }) => {
      workloads.orders.ports[0].nodePort = ownNodePort("parcels/web/http");
      workloads.vault.ports[0].nodePort = ownNodePort("tcp/5672");
    },
    problems: [
      "release workloads.web.ports[0].nodePort: a NodePort that nothing else has",
      "release workloads.broker.expose[0].nodePort: a NodePort that nothing else has",
    ],
  },
  {
    title: "NodePorts beyond a quota",
    change: (site) => {
      site.tenancy = {
        product: { namespaces: { parcels: { quota: { nodePorts: 1, limits: { cpu: "20" } } } } },
      };
    },
    problems: ["site tenancy.product.namespaces.parcels.quota.nodePorts: at least 2"],
  },
  {
    title: "a port of hosts among NodePorts, and others that the platform has",
    change: (site, { workloads }) => {
      workloads.scanner.ports = [
        { name: "one", port: 1, hostPort: 30_500 },
        { name: "two", port: 2, hostPort: 10_250 },
        { name: "three", port: 3, hostPort: 22 },
        { name: "udp-two", port: 4, hostPort: 10_250 },
      ];
      site.workloads = { scanner: { ports: { one: { hostPort: 30_600 } } } };
    },
    problems: [
      "site workloads.scanner.ports.one.hostPort: a port that nothing else has on those hosts",
      "release workloads.scanner.ports[1].hostPort: a port that nothing else has on those hosts",
      "release workloads.scanner.ports[2].hostPort: a port that nothing else has on those hosts",
    ],
  },
  {
    title: "a port that only control-plane hosts have, where Pods run there too",
    change: (_site, { workloads }) => {
      workloads.scanner.nodes = "all";
      workloads.scanner.ports.push({ name: "tcp-etcd", port: 2379, hostPort: 2379 });
    },
    problems: [
      "release workloads.scanner.ports[1].hostPort: a port that nothing else has on those hosts",
    ],
  },
  {
    title: "a port of the same hosts twice, but not on hosts that labels keep apart",
    change: (site, { workloads }) => {
      for (const [at, host] of site.hosts.entries()) host.labels = { lane: String(at) };
      site.capacity = { spareNodes: 0 };
      const scanner = (lane: string) => ({ ...workloads.scanner, nodeSelector: { lane } });
      workloads["scanner-1"] = scanner("1");
      workloads["scanner-2"] = scanner("2");
      workloads["scanner-3"] = scanner("2");
      delete workloads.scanner;
    },
    problems: [
      "release workloads.scanner-3.ports[0].hostPort: a port that nothing else has on those hosts",
    ],
  },
  {
    title: "a port of hosts for Pods that may share one, are too many, or are not let",
    change: (_site, { workloads }) => {
      workloads.orders.ports[0].hostPort = 4100;
      workloads.orders.replicas = 3;
    },
    problems: [
      "release workloads.orders.ports[0].hostPort: a namespace of the Pod security level privileged: parcels has restricted",
      "release workloads.orders.ports[0].hostPort: antiAffinity required",
      "release workloads.orders.ports[0].hostPort: at most 2 Pods",
    ],
  },
]);

describe("A NodePort that is taken", () => {
  it("is told with its owner, and with a number that is free", () => {
    const [problem = ""] = problemsOfConnected((_site, { workloads }) => {
      workloads.orders.ports[0].nodePort = 30_079;
    }, true);
    assert.match(problem, /; 30079, which is port grpc of orders's; state 30\d{3}, which is free/);
    const free = /state (\d+)/.exec(problem)?.[1];
    const mended = problemsOfConnected((_site, { workloads }) => {
      workloads.orders.ports[0].nodePort = 30_079;
      workloads.broker.ports[1].nodePort = Number(free);
    });
    assert.deepEqual(mended, []);
  });
});

describeProblems("exposed ports", [
  {
    title: "names for what tells none, and TCP ports that are taken",
    change: (_site, { workloads }) => {
      workloads.broker.expose = [{ port: "amqp", tcp: 443, hosts: ["broker"], via: "gateway" }];
      workloads.vault.expose = [{ port: "https", tcp: 8404 }];
      workloads.orders.expose = [{ port: "grpc", tcp: 15_006 }];
    },
    problems: [
      "release workloads.broker.expose[0].hosts: nothing beside tcp",
      "release workloads.broker.expose[0].via: nothing beside tcp",
      "release workloads.orders.expose[0].tcp: a port of the gateway that nothing else has",
      "release workloads.vault.expose[0].tcp: a port of the gateway that nothing else has",
      "release workloads.broker.expose[0].tcp: a port of the gateway that nothing else has",
    ],
  },
  {
    title: "ports whose protocol nobody can serve so",
    change: (_site, { workloads }) => {
      workloads.broker.expose = [{ port: "amqp" }, { port: "syslog", tcp: 5514 }];
      workloads.vault.expose = [{ port: "https" }];
      workloads.orders.expose = [{ port: "grpc", tls: "passthrough", path: "/a", nodePort: true }];
    },
    problems: [
      "release workloads.orders.expose[0].nodePort: tcp beside it",
      "release workloads.orders.expose[0].tls: a port of protocol https",
      "release workloads.orders.expose[0].path: no path",
      "release workloads.vault.expose[0].tls: passthrough",
      "release workloads.broker.expose[0].port: a port on which http, http2 or grpc is spoken",
      "release workloads.broker.expose[1].port: a TCP port",
    ],
  },
  {
    title: "TCP at a site without a mesh, unless the site leaves it out",
    change: (site, { namespaces }) => {
      delete site.mesh;
      namespaces.parcels.egress = [];
    },
    problems: ["release workloads.broker.expose[0].tcp: a site with a mesh"],
  },
  {
    title: "differences that do not fit TCP, or names",
    change: (site) => {
      site.workloads = {
        broker: { expose: { amqp: { hosts: ["broker"] } } },
        web: { expose: { http: { nodePort: 30_001 } } },
      };
    },
    problems: [
      "site workloads.broker.expose.amqp.hosts: nothing",
      "site workloads.web.expose.http.nodePort: a port that the release exposes by tcp",
    ],
  },
  {
    title: "a name that is passed through and served as well",
    change: (_site, { workloads }) => {
      workloads.web.expose[0] = { port: "http", hosts: ["vault"], path: "/pages" };
    },
    problems: ["release workloads.vault.expose[0].hosts[0]: a host name and path that nothing"],
  },
]);

describeProblems("external services", [
  {
    title: "a mistyped name, once",
    change: (site) => {
      site.externals = { "ledger-databas": { addresses: ["192.0.2.1"] } };
    },
    problems: ["site externals.ledger-databas: an external service of release 2026.11"],
  },
  {
    title: "no place, and places of services that are not there",
    change: (site) => {
      site.externals = { mail: { addresses: ["192.0.2.1"] } };
    },
    problems: [
      "site externals.mail: an external service of release 2026.11",
      "site externals.ledger-database: its place at this site",
    ],
  },
  {
    title: "neither addresses nor a domain, or both",
    change: (site, { externals }) => {
      site.externals = { "ledger-database": {} };
      externals.clock.at.domain = "clock.example";
    },
    problems: [
      "site externals.ledger-database: either addresses or a domain",
      "release externals.clock.at: either addresses or a domain",
    ],
  },
  {
    title: "addresses of the cluster itself, of one host alone, and twice",
    change: (site) => {
      site.externals["ledger-database"] = {
        addresses: ["10.233.64.9", "10.233.0.9", "169.254.1.1", "192.0.2.9", "192.0.2.9"],
      };
    },
    problems: [
      "site externals.ledger-database.addresses[0]: an address outside the cluster, whose podCidr",
      "site externals.ledger-database.addresses[1]: an address outside the cluster, whose serviceC",
      "site externals.ledger-database.addresses[2]: an address that is reached from other hosts",
      "site externals.ledger-database.addresses[4]: an address that is stated once",
    ],
  },
  {
    title: "a name that network policies cannot open",
    change: (site) => {
      site.externals["ledger-database"] = { domain: "database.example" };
    },
    problems: ["site externals.ledger-database.networks: the networks of its addresses"],
  },
  {
    title: "names of workloads' Services, unknown namespaces and ports twice",
    change: (_site, { externals }) => {
      externals.web = { ...structuredClone(externals.clock), usedBy: ["parcels", "nowhere"] };
      externals["broker-headless"] = { ...structuredClone(externals.clock), namespace: "parcel" };
      externals.clock.ports.push({ name: "udp-ntp", port: 124 }, { name: "other", port: 123 });
    },
    problems: [
      "release externals.clock.ports[1].name: a name of its own",
      "release externals.clock.ports[2].port: a port of its own",
      "release externals.web.usedBy[0]: another namespace",
      "release externals.web.usedBy[1]: a namespace of the release",
      "release externals.web: a name that no workload of parcels has for a Service",
      "release externals.broker-headless.namespace: a namespace of the release",
    ],
  },
]);

describeProblems("ways out", [
  {
    title: "namespaces that are not there, both or no ends, and ports stated twice",
    change: (site) => {
      site.egress = {
        parcel: [],
        parcels: [
          { ports: [{ port: 1 }] },
          { cidr: "192.0.2.0/24", domain: "a.example", ports: [{ port: 1 }] },
          { cidr: "198.51.100.0/24", ports: [{ port: 443 }] },
        ],
      };
    },
    problems: [
      "site egress.parcel: a namespace of release 2026.11",
      "site egress.parcels[0]: either cidr or domain",
      "site egress.parcels[1]: either cidr or domain",
      "site egress.parcels[2].ports[0].port: a port that is stated once for 198.51.100.0/24",
    ],
  },
  {
    title: "the cluster's own networks",
    change: (site) => {
      site.egress = { parcels: [{ cidr: "10.0.0.0/8", ports: [{ port: 1 }] }] };
    },
    problems: [
      "site egress.parcels[0].cidr: a network apart from the cluster's podCidr",
      "site egress.parcels[0].cidr: a network apart from the cluster's serviceCidr",
    ],
  },
  {
    title: "names where no proxy holds connections to them",
    change: (site) => {
      site.mesh = { mode: "ambient" };
      site.workloads = {};
    },
    problems: [
      "release namespaces.parcels.egress[1].domain: a cidr: only the mesh's proxies",
      "release namespaces.parcels.egress[2].domain: a cidr: only the mesh's proxies",
    ],
  },
  {
    title: "names in a namespace of which one workload is outside the mesh",
    change: (site) => {
      site.workloads = { web: { mesh: false } };
    },
    problems: [
      "release namespaces.parcels.egress[1].domain: a cidr: only the mesh's proxies beside Pods hold connections to names, and some workload",
      "release namespaces.parcels.egress[2].domain: a cidr: only the mesh's proxies beside Pods hold connections to names, and some workload",
    ],
  },
  {
    title: "protocols of which proxies see no name",
    change: (site) => {
      site.egress = {
        parcels: [
          { domain: "*.a.example", ports: [{ port: 7000 }] },
          { domain: "a.example", ports: [{ port: 7001, protocol: "udp" }, { port: 25 }] },
        ],
      };
    },
    problems: [
      "site egress.parcels[0].ports[0].protocol: http or https, or a single name",
      "site egress.parcels[1].ports[0].protocol: TCP, or a cidr",
      "site egress.parcels[1].ports[1]: a port that no other name has in the namespace",
    ],
  },
  {
    title: "an exception of tenancy whose ports proxies would not know",
    change: (site) => {
      site.tenancy = {
        product: { namespaces: { parcels: { allow: [{ to: { cidr: "192.0.2.128/28" } }] } } },
      };
    },
    problems: ["site tenancy.product.namespaces.parcels.allow[0].ports: the ports"],
  },
]);
