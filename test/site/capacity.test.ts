import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allocatable,
  type CapacityHost,
  capacityReport,
  eligibleNodes,
  roomWithoutLargest,
} from "../../site/capacity";
import { problemsOf, smallSite } from "../support/sites";

const overhead = { cpuMillis: 300, memoryMiB: 1024 };
const node = (name: string, differences: Partial<CapacityHost> = {}): CapacityHost => ({
  name,
  node: true,
  cpus: 4,
  memoryGiB: 8,
  labels: {},
  taints: [],
  ...differences,
});
const rooms = fc.array(
  fc.record({
    cpuMillis: fc.integer({ min: 0, max: 100_000 }),
    memoryMiB: fc.integer({ min: 0, max: 1_000_000 }),
  }),
  { maxLength: 10 },
);

describe("Capacity", () => {
  it("is what a node has less its overhead, and never below nothing", () => {
    assert.deepEqual(allocatable(node("a"), overhead), { cpuMillis: 3700, memoryMiB: 7168 });
    const tiny = node("b", { cpus: 1, memoryGiB: 1 });
    assert.deepEqual(allocatable(tiny, { cpuMillis: 2000, memoryMiB: 4096 }), {
      cpuMillis: 0,
      memoryMiB: 0,
    });
  });

  it("counts nodes that ordinary Pods may use", () => {
    const taint = (effect: "NoSchedule" | "PreferNoSchedule") => ({ key: "k", value: "", effect });
    const hosts = [
      node("plain"),
      node("preferred", { taints: [taint("PreferNoSchedule")] }),
      node("tainted", { taints: [taint("NoSchedule")] }),
      node("no-node", { node: false }),
      node("ssd", { labels: { disk: "ssd" } }),
    ];
    const names = (selector: Record<string, string>) =>
      eligibleNodes(hosts, selector).map(({ name }) => name);
    assert.deepEqual(names({}), ["plain", "preferred", "ssd"]);
    assert.deepEqual(names({ disk: "ssd" }), ["ssd"]);
    assert.deepEqual(names({ constructor: "ssd" }), []);
  });

  it("shrinks with every node lost and grows with every node added", () => {
    fc.assert(
      fc.property(
        rooms,
        fc.nat(5),
        fc.record({ cpuMillis: fc.nat(9999), memoryMiB: fc.nat(9999) }),
        (all, lost, more) => {
          const now = roomWithoutLargest(all, lost);
          const fewer = roomWithoutLargest(all, lost + 1);
          const larger = roomWithoutLargest([...all, more], lost);
          assert.ok(fewer.cpuMillis <= now.cpuMillis && fewer.memoryMiB <= now.memoryMiB);
          assert.ok(larger.cpuMillis >= now.cpuMillis && larger.memoryMiB >= now.memoryMiB);
          assert.equal(roomWithoutLargest(all, all.length).cpuMillis, 0);
        },
      ),
    );
  });

  it("never turns a site that fits into one that does not by adding a worker", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 50, max: 900 }),
        (replicas, millis) => {
          const site = smallSite();
          const amount = { cpu: `${millis}m`, memory: "64Mi" };
          site.workloads.api = { replicas, resources: { requests: amount, limits: amount } };
          const before = problemsOf(site).length;
          site.hosts.push({ ...site.hosts[1], name: "worker-9", address: "192.0.2.99" });
          assert.ok(problemsOf(site).length <= before);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("reports the sums that people read", () => {
    const resources = {
      requests: { cpu: "500m", memory: "1Gi" },
      limits: { cpu: "1", memory: "1Gi" },
    };
    const workload = {
      name: "w",
      replicas: 3,
      resources,
      nodeSelector: {},
      antiAffinity: "none",
    } as const;
    const report = capacityReport([node("a"), node("b", { cpus: 8 })], [workload], overhead, 1);
    assert.deepEqual(report, {
      allocatable: { cpuMillis: 11_400, memoryMiB: 14_336 },
      withLargestNodeLost: { cpuMillis: 3700, memoryMiB: 7168 },
      requested: { cpuMillis: 1500, memoryMiB: 3072 },
      overhead,
      spareNodes: 1,
    });
  });
});
