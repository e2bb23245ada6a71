import fc from "fast-check";
import { edgeBlueprint } from "../../../site/platform/edge";
import type { EdgeBlueprint } from "../../../site/platform/edge-types";
import { edgeSchema } from "../../../site/schema/edge";
import { resolve, smallSite } from "../../support/sites";

const template = resolve(smallSite()).site.hosts[0];

/** Edges of sites of many shapes, all of which the rules accept. */
export const anyEdge: fc.Arbitrary<EdgeBlueprint> = fc
  .record({
    edges: fc.integer({ min: 2, max: 12 }),
    workers: fc.integer({ min: 1, max: 30 }),
    second: fc.boolean(),
    named: fc.boolean(),
    proxyProtocol: fc.boolean(),
    routerId: fc.integer({ min: 1, max: 254 }),
    allow: fc.subarray(["192.0.2.0/24", "198.51.100.0/24", "0.0.0.0/0"]),
    ports: fc.uniqueArray(fc.integer({ min: 1025, max: 8000 }), { maxLength: 6 }),
    connections: fc.integer({ min: 10, max: 1_000_000 }),
    listeners: fc.uniqueArray(
      fc.record({
        port: fc.integer({ min: 8500, max: 9000 }),
        nodePort: fc.integer({ min: 30_000, max: 30_020 }),
      }),
      { maxLength: 3, selector: ({ port }) => port },
    ),
  })
  .map(({ edges, workers, second, named, ports, allow, connections, listeners, ...rest }) => {
    if (template === undefined) throw new Error("the small site has no hosts");
    const many = (count: number, role: "edge" | "worker", from: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...template,
        name: `${role}-${at + 1}`,
        address: `192.0.2.${from + at}`,
        roles: [role],
      }));
    const edge = edgeSchema.parse({
      ...rest,
      mode: "keepalived",
      address: "192.0.2.40",
      ...(second && { secondAddress: "192.0.2.39" }),
      ...(named && { interface: "bond0.20" }),
      limits: { connections },
      stats: { allow },
      ports: ports.map((port, at) => ({ name: `port-${port}`, port, nodePort: 32_000 + at })),
    });
    const hosts = [...many(edges, "edge", 41), ...many(workers, "worker", 101)];
    const found = edgeBlueprint({ hosts, edge }, listeners);
    if (found === undefined) throw new Error("no edge");
    return found;
  });
