import assert from "node:assert/strict";
import fc from "fast-check";
import { nodePorts, productNodePorts } from "../../site/platform/node-ports";
import { ownNodePort, ownNodePorts } from "../../site/workload/node-ports";
import { portProtocol, sitePorts } from "../../site/workload/ports";
import { connected } from "./support/connected-release";

describe("The NodePort that a port gets by itself", () => {
  it("stays the same for good", () => {
    // Whoever changes these moves the ports of running sites.
    assert.deepEqual(
      [ownNodePort("parcels/web/http"), ownNodePort("tcp/5672"), ownNodePorts.length],
      [30_072, 30_027, 79],
    );
  });

  it("lies in the product's range, away from the platform's, whatever the name", () => {
    const platform = [...Object.values(nodePorts.gateway), ...Object.values(nodePorts.standby)];
    fc.assert(
      fc.property(fc.string(), (name) => {
        const port = ownNodePort(name);
        assert.ok(port >= productNodePorts.first && port <= productNodePorts.last);
        assert.ok(!platform.some((taken) => taken === port));
      }),
    );
  });

  it("does not move when workloads come and go", () => {
    const port = (change: Parameters<typeof connected>[0]) =>
      connected(change).workloads.find(({ name }) => name === "web")?.ports[0]?.nodePort;
    const first = port(() => {});
    const more = port((_site, { workloads }) => {
      for (let at = 0; at < 20; at += 1) workloads[`more-${at}`] = workloads.orders;
      delete workloads.broker;
    });
    assert.equal(more, first);
  });

  it("gives way to what release or site state", () => {
    const ports = [
      { name: "http", port: 80, nodePort: true as const },
      { name: "grpc", port: 81, nodePort: 30_005 },
      { name: "tcp", port: 82, nodePort: 30_006 },
    ];
    const differences = { http: { nodePort: 30_007 }, tcp: { nodePort: false as const } };
    const site = { workloads: { web: { ports: differences } } } as never;
    const found = sitePorts(site, "web", { namespace: "parcels", ports });
    assert.deepEqual(
      found.map(({ nodePort }) => nodePort),
      [30_007, 30_005, undefined],
    );
  });
});

describe("What is spoken on a port", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["http", "http"],
    ["http-console", "http"],
    ["http2", "http2"],
    ["grpc-orders", "grpc"],
    ["https", "https"],
    ["udp-syslog", "udp"],
    ["amqp", "tcp"],
    ["metrics", "tcp"],
    ["httpd", "tcp"],
  ];
  for (const [name, protocol] of cases) {
    it(`is ${protocol} for one named ${name}`, () =>
      assert.equal(portProtocol({ name }), protocol));
  }
  it("is what it states, whatever its name", () =>
    assert.equal(portProtocol({ name: "http", protocol: "tcp" }), "tcp"));
});
