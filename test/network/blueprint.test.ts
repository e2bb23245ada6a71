import assert from "node:assert/strict";
import { gatewayValues } from "../../components/mesh/gateway-values";
import { networkObjects } from "../../components/network/resources";
import { containerPorts, nodePortsService, service } from "../../components/workload/services";
import { namedServices } from "../../site/outputs";
import type { PolicyBlueprint } from "../../site/platform/tenancy-types";
import { workloadOf } from "../support/platform-site";
import { type Change, connected } from "./support/connected-release";

const networkOf = (name: string, change?: Change) => {
  const network = connected(change).namespaces.find((one) => one.name === name)?.network;
  return network === undefined ? [] : networkObjects(name, network);
};
const objectOf = (namespace: string, noun: string, change?: Change) => {
  const found = networkOf(namespace, change).find((one) => one.noun === noun);
  assert.ok(found, noun);
  return found.object;
};

describe("A Service", () => {
  it("says what is spoken on each port, and UDP by its transport", () => {
    const made = service(workloadOf(connected(), "broker"));
    assert.deepEqual(made?.spec.ports, [
      { name: "amqp", port: 5672, targetPort: "amqp", protocol: "TCP", appProtocol: "tcp" },
      { name: "syslog", port: 5514, targetPort: "syslog", protocol: "UDP" },
    ]);
  });

  it("has a second one beside it for just the ports that are open on nodes", () => {
    const made = nodePortsService(workloadOf(connected(), "broker"));
    assert.equal(made?.metadata.name, "broker-node-ports");
    assert.deepEqual(
      made?.spec.ports.map(({ name, nodePort }) => [name, nodePort]),
      [["syslog", 30_079]],
    );
    assert.equal(nodePortsService(workloadOf(connected(), "orders")), undefined);
  });

  it("is not what a port of hosts needs: that stands in the Pod", () => {
    assert.deepEqual(containerPorts(workloadOf(connected(), "scanner")), [
      { name: "tcp-scan", containerPort: 4000, protocol: "TCP", hostPort: 4000 },
    ]);
  });

  it("is told with its name, ports and where it leads outside the cluster", () => {
    const services = namedServices(connected());
    assert.deepEqual(services["parcels/web"], {
      host: "web.parcels.svc.cluster.local",
      ports: { http: { port: 8080, protocol: "http", nodePort: 30_072 } },
    });
    assert.equal(
      services["parcels/broker"]?.pods,
      "broker-<number>.broker-headless.parcels.svc.cluster.local",
    );
    assert.deepEqual(services["ledger/ledger-database"]?.leadsTo, ["192.0.2.130", "192.0.2.131"]);
  });
});

describe("A port of the gateway's own", () => {
  const { platform, edge, workloads } = connected();

  it("is one of its Service, of its own Gateway and of the edge", () => {
    assert.ok(platform.mesh);
    const { ports } = gatewayValues(platform.mesh).service;
    assert.deepEqual(ports.at(-1), {
      name: "tcp-5672",
      port: 5672,
      targetPort: 5672,
      nodePort: 30_027,
      protocol: "TCP",
    });
    const port = edge?.ports.find(({ name }) => name === "tcp_5672");
    assert.equal(port?.gateway.nodePort, 30_027);
    assert.equal(port?.standby, undefined, "the standby serves names alone");
  });

  it("is told to clients by the edge's address, and without an edge by nodes'", () => {
    const urls = (all: typeof workloads) =>
      all.find(({ name }) => name === "broker")?.routes?.flatMap((route) => route.urls);
    assert.deepEqual(urls(workloads), ["tcp://192.0.2.40:5672"]);
    const without = connected((site) => {
      delete site.edge;
      site.hosts = site.hosts.filter(({ roles }: { roles: string[] }) => !roles.includes("edge"));
    });
    assert.deepEqual(urls(without.workloads), ["tcp://192.0.2.21:30027"]);
  });

  it("is none where the site leaves it out", () => {
    const { platform, edge } = connected((site) => {
      site.workloads = { broker: { expose: { amqp: { off: true } } } };
    });
    assert.deepEqual(platform.mesh?.gateway.listeners, []);
    assert.deepEqual(
      edge?.ports.map(({ name }) => name),
      ["http", "https"],
    );
  });
});

describe("A name whose connections stay encrypted", () => {
  const { platform } = connected();

  it("is passed on by the gateway and not in the site's certificate", () => {
    const { gateway } = platform.mesh ?? {};
    assert.deepEqual(gateway?.passthroughHosts, [
      "vault.apps.site-t.example",
      "vault.other.example",
    ]);
    assert.deepEqual(gateway?.server?.hosts, ["*.apps.site-t.example", "apps.site-t.example"]);
  });

  it("opens the standby's encrypted port even where the site has no certificates", () => {
    const without = connected((site) => {
      delete site.certificates;
    });
    assert.equal(without.platform.ingress?.standby?.secure, true);
    assert.deepEqual(workloadOf(without, "vault").routes?.[0]?.urls, [
      "https://vault.apps.site-t.example/",
      "https://vault.other.example/",
    ]);
  });
});

describe("A service outside the cluster", () => {
  it("of addresses is a Service with them beside it, and known to proxies by them", () => {
    const nouns = networkOf("ledger").map(({ noun }) => noun);
    assert.deepEqual(nouns, [
      "ledger-database-service",
      "ledger-database-endpoints",
      "ledger-database-service-entry",
    ]);
    assert.deepEqual(objectOf("ledger", "ledger-database-service-entry").spec, {
      hosts: ["ledger-database.ledger.external"],
      addresses: ["192.0.2.130", "192.0.2.131"],
      location: "MESH_EXTERNAL",
      resolution: "NONE",
      exportTo: [".", "parcels"],
      ports: [{ name: "tcp-postgres", number: 5432, protocol: "TCP" }],
    });
  });

  it("of a name is that name's other name", () => {
    assert.deepEqual(objectOf("parcels", "rates-service").spec, {
      type: "ExternalName",
      externalName: "rates.example",
      ports: [{ name: "https", port: 443, protocol: "TCP", appProtocol: "https" }],
    });
    const { spec } = objectOf("parcels", "rates-service-entry");
    assert.deepEqual(spec, {
      hosts: ["rates.example"],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      exportTo: ["."],
      ports: [{ name: "https", number: 443, protocol: "HTTPS" }],
    });
  });

  it("is unknown to proxies where there are none", () => {
    const nouns = networkOf("ledger", (site) => {
      delete site.mesh;
    }).map(({ noun }) => noun);
    assert.deepEqual(nouns, ["ledger-database-service", "ledger-database-endpoints"]);
  });
});

describe("Ways out of a namespace", () => {
  const policyOf = (namespace: string, change?: Change): PolicyBlueprint | undefined =>
    connected(change)
      .platform.tenancy?.product.namespaces.find(({ name }) => name === namespace)
      ?.policies.find(({ name }) => name === "ways-out");
  const openedBy = (policy: PolicyBlueprint | undefined) =>
    policy?.egress.flatMap(({ cidrs, ports }) =>
      cidrs.map((cidr) => `${cidr} ${ports.map(({ port }) => port).join(",")}`),
    );

  it("lead to external services from the namespaces that use them, and from no others", () => {
    const ledger = ["192.0.2.130/32 5432", "192.0.2.131/32 5432"];
    assert.deepEqual(openedBy(policyOf("ledger")), ledger);
    assert.equal(policyOf("hosts"), undefined);
    assert.deepEqual(openedBy(policyOf("parcels"))?.slice(0, 2), ledger);
  });

  it("are what release and site list, names by the networks outside the cluster", () => {
    const opened = openedBy(policyOf("parcels")) ?? [];
    assert.deepEqual(opened.slice(4), [
      "198.51.100.0/24 443,123",
      "0.0.0.0/0 443",
      "0.0.0.0/0 25",
      "192.0.2.200/32 9100",
    ]);
    const wide = policyOf("parcels")?.egress.find(({ cidrs }) => cidrs.includes("0.0.0.0/0"));
    assert.deepEqual(wide?.except, ["10.233.64.0/18", "10.233.0.0/18"]);
  });

  it("are all that proxies let through once any is listed", () => {
    const mesh = (name: string) => connected().namespaces.find((one) => one.name === name)?.mesh;
    assert.deepEqual(mesh("parcels"), { egressHosts: ["*/*"], knownHostsOnly: true });
    assert.equal(mesh("ledger")?.knownHostsOnly, undefined, "no workload of its own");
    const entries = networkOf("parcels").filter(({ noun }) => noun.startsWith("egress-"));
    assert.deepEqual(
      entries.map(({ object }) => object.metadata.name),
      [
        "egress-198-51-100-0-24-443",
        "egress-any-maps-example-443",
        "egress-mail-example-25",
        "egress-192-0-2-200-32-9100",
      ],
    );
  });

  it("know those that the site's tenancy opens as well", () => {
    const entries = networkOf("parcels", (site) => {
      const allow = [{ to: { cidr: "192.0.2.128/28" }, ports: [5432] }];
      site.tenancy = { product: { namespaces: { parcels: { allow } } } };
    }).map(({ object }) => object.metadata.name);
    assert.ok(entries.includes("egress-192-0-2-128-28-5432"), entries.join(" "));
  });

  it("are closed by a policy of their own where tenancy closes nothing, the cluster being left open", () => {
    const change: Change = (site) => {
      delete site.tenancy;
    };
    const { spec } = objectOf("parcels", "ways-out-policy", change) as unknown as {
      spec: { policyTypes: string[]; egress: { to: object[] }[] };
    };
    assert.deepEqual(spec.policyTypes, ["Egress"]);
    assert.deepEqual(spec.egress[0], { to: [{ namespaceSelector: {} }] });
    assert.ok(networkOf("ledger", change).every(({ noun }) => !noun.endsWith("-policy")));
  });
});

describe("Ports that are open on nodes", () => {
  it("are open to whoever reaches a node, for the workload's Pods alone", () => {
    const policies = connected().platform.tenancy?.product.namespaces.flatMap((one) =>
      one.policies.filter(({ workload }) => workload !== undefined),
    );
    assert.deepEqual(
      policies?.map(({ workload, ingress }) => [workload, ingress[0]?.cidrs, ingress[0]?.ports]),
      [
        ["scanner", ["0.0.0.0/0"], [{ port: 4000, protocol: "TCP" }]],
        ["web", ["0.0.0.0/0"], [{ port: 8080, protocol: "TCP" }]],
        ["broker", ["0.0.0.0/0"], [{ port: 5514, protocol: "UDP" }]],
      ],
    );
  });

  it("take connections without mutual TLS in a strict mesh", () => {
    const { mesh } = workloadOf(
      connected((site) => {
        site.ingress.standby = false;
      }),
      "web",
    );
    assert.deepEqual(mesh?.plainPorts, [8080]);
  });
});
