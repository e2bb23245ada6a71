import assert from "node:assert/strict";
import fc from "fast-check";
import { capacity } from "../../policies/capacity";
import type { Blueprint, HostBlueprint } from "../../site/blueprint-types";
import { judged, objectSubject, patchSubject, siteA, unknown, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

const overhead = { cpuMillis: 500, memoryMiB: 1024 };

/** Two workers in two zones and one edge node of four cores and 8 GiB each, half a core and a GiB of it taken. */
function site(spareNodes: number): Blueprint {
  const sample = siteA();
  const host = (name: string, zone: string, role: "worker" | "edge"): HostBlueprint => {
    const [like] = sample.hosts.filter(({ roles }) => roles.includes(role));
    assert.ok(like);
    const labels = { ...like.labels, "topology.kubernetes.io/zone": zone };
    return { ...like, name, labels, cpus: 4, memoryGiB: 8 };
  };
  const hosts = [
    host("one", "east", "worker"),
    host("two", "west", "worker"),
    host("way", "east", "edge"),
  ];
  return { ...sample, hosts, capacity: { ...sample.capacity, overhead, spareNodes } };
}

interface Pods {
  readonly kind?: string;
  readonly name?: string;
  readonly replicas?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly spec?: object;
  readonly labels?: object;
}

function pods({
  kind = "Deployment",
  name = "web",
  replicas = 1,
  cpu = "1",
  memory = "1Gi",
  spec = {},
  labels = {},
}: Pods) {
  return deployment((object) => {
    object.kind = kind;
    object.metadata.name = name;
    object.spec.replicas = replicas;
    Object.assign(object.spec.template.metadata.labels, labels);
    Object.assign(object.spec.template.spec, spec);
    const [one] = object.spec.template.spec.containers;
    one.resources = { requests: { cpu, memory }, limits: { cpu, memory } };
  });
}

const found = (spareNodes: number, ...all: readonly Pods[]) =>
  violations(
    capacity,
    all.map((one) => objectSubject(pods(one))),
    { blueprint: site(spareNodes) },
  );

const toEdge = {
  nodeSelector: { "sitewright/edge": "true" },
  tolerations: [{ key: "sitewright/edge", operator: "Exists" }],
};

describe("capacity", () => {
  for (const [title, spareNodes, all] of [
    ["Pods that fill all nodes, where none is spared", 0, [{ replicas: 7 }]],
    ["Pods that one node holds, where one is spared", 1, [{ replicas: 3 }]],
    [
      "Pods of other nodes beside full ones",
      1,
      [{ replicas: 3 }, { kind: "DaemonSet", spec: toEdge, cpu: "3" }],
    ],
    [
      "one Pod on each node beside the others",
      1,
      [{ replicas: 2 }, { kind: "DaemonSet", cpu: "1500m" }],
    ],
    ["Pods that are not wanted now", 1, [{ replicas: 0, cpu: "100" }]],
    [
      "what a container takes that ends before the next",
      1,
      [
        {
          replicas: 3,
          spec: { initContainers: [{ name: "before", resources: { requests: { cpu: "1" } } }] },
        },
      ],
    ],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(spareNodes, ...all), []));
  }

  for (const [title, spareNodes, all, expected] of [
    [
      "more than all nodes have",
      0,
      [{ replicas: 8 }],
      /^Deployment parcels\/web: needs room for Pods that only one, two may run, which request 8 cores and 8 GiB; given 7 cores and 14 GiB there; the most for Deployment parcels\/web \(8 cores/,
    ],
    [
      "more than is left without the largest node",
      1,
      [{ replicas: 4 }],
      /3.5 cores and 7 GiB there with the largest lost/,
    ],
    [
      "memory that is missing where cores would do",
      1,
      [{ replicas: 2, memory: "4Gi", cpu: "100m" }],
      /request 0.2 cores and 8 GiB/,
    ],
    [
      "what several workloads ask for together, and names the largest",
      1,
      [{ replicas: 1 }, { name: "big", replicas: 3 }],
      /^Deployment parcels\/big: .*big \(3 cores.*web \(1 cores/,
    ],
    [
      "too much for what each node's own Pods leave",
      1,
      [{ replicas: 3 }, { kind: "DaemonSet", name: "each" }],
      /only one, two.*request 3 cores and 3 GiB; given 2.5 cores/,
    ],
    [
      "Pods of a zone whose only node may be lost",
      1,
      [{ spec: { nodeSelector: { "topology.kubernetes.io/zone": "east" } } }],
      /Pods that only one may run.*given 0 cores/,
    ],
    [
      "Pods of a role whose nodes are few",
      0,
      [{ replicas: 4, spec: toEdge }],
      /Pods that only way may run/,
    ],
    [
      "Pods of a zone that they may not leave",
      0,
      [
        {
          replicas: 4,
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [
                    {
                      matchExpressions: [
                        { key: "topology.kubernetes.io/zone", operator: "In", values: ["west"] },
                      ],
                    },
                  ],
                },
              },
            },
          },
        },
      ],
      /Pods that only two may run/,
    ],
    [
      "a Pod that no node is large enough for",
      0,
      [{ cpu: "3800m" }],
      /a node with room for one Pod that requests 3.8 cores and 1 GiB; given at most 3.5 cores/,
    ],
    [
      "a Pod that no node may run",
      0,
      [{ spec: { nodeSelector: { disk: "tape" } } }],
      /needs a node with the labels that its Pod asks for.*given none/,
    ],
    [
      "Pods of each node that do not fit there",
      0,
      [{ kind: "DaemonSet", cpu: "4" }],
      /^DaemonSet parcels\/web: needs room for what runs on every node, and so on one: 4 cores/,
    ],
    [
      "a sidecar that runs on beside the others",
      1,
      [
        {
          replicas: 3,
          spec: {
            initContainers: [
              { name: "beside", restartPolicy: "Always", resources: { requests: { cpu: "500m" } } },
            ],
          },
        },
      ],
      /request 4.5 cores/,
    ],
    [
      "the mesh's proxies beside Pods that had just room",
      1,
      [{ replicas: 3, cpu: "1100m", labels: { "sidecar.istio.io/inject": "true" } }],
      /request 3.6 cores/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(spareNodes, ...all).filter((one) =>
        expected.test(one),
      );
      assert.match(violation, expected, found(spareNodes, ...all).join("\n"));
      assert.deepEqual(others, []);
    });
  }

  it("tells of the smallest set of nodes alone, not of the larger ones around it", () => {
    const spec = { tolerations: [{ operator: "Exists" }] };
    const all = found(0, { replicas: 8 }, { name: "anywhere", replicas: 4, spec });
    assert.equal(all.length, 1);
    assert.match(all.join(), /only one, two may run/);
  });

  it("counts a limit where nothing is requested, as Kubernetes does", () => {
    const object = pods({ replicas: 4 });
    delete object.spec.template.spec.containers[0].resources.requests;
    assert.equal(violations(capacity, [objectSubject(object)], { blueprint: site(1) }).length, 1);
  });

  it("counts what operators make: disks' Pods where the disks are, and Prometheus' as often as it says", () => {
    const ceph = {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephCluster",
      metadata: { name: "ceph", namespace: "rook-ceph" },
      spec: {
        crashCollector: { disable: true },
        mon: { count: 1 },
        mgr: { count: 1 },
        resources: { osd: { requests: { cpu: "2", memory: "1Gi" } } },
        storage: { nodes: [{ name: "one", devices: [{ name: "a" }, { name: "b" }] }] },
      },
    };
    const prometheus = {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "figures", namespace: "monitoring" },
      spec: { replicas: 2, shards: 2, resources: { requests: { cpu: "1800m", memory: "1Gi" } } },
    };
    const [first = "", second = "", ...others] = [ceph, prometheus].flatMap((one) =>
      violations(capacity, [objectSubject(one)], { blueprint: site(0) }),
    );
    assert.match(first, /^CephCluster rook-ceph\/ceph: needs room .*so on one: 4 cores/);
    assert.match(second, /^Prometheus monitoring\/figures: .*request 7.2 cores/);
    assert.deepEqual(others, []);
  });

  it("counts what grows by itself at its height", () => {
    const scaler = (maxReplicas: unknown, name = "web") => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "parcels" },
      spec: { maxReplicas, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } },
    });
    const all = (...scalers: readonly object[]) =>
      violations(
        capacity,
        [...scalers, pods({ replicas: 2 })].map((one) => objectSubject({ ...one })),
        {
          blueprint: site(0),
        },
      );
    assert.deepEqual(all(scaler(7), scaler(80, "other"), scaler("many")), []);
    assert.match(all(scaler(8)).join(), /request 8 cores/);
    assert.deepEqual(all(scaler(1)), []);
  });

  it("judges the others where one object is not known yet, and says so", () => {
    const later = pods({ name: "later" });
    later.spec.template.spec.nodeSelector = { disk: unknown };
    const subjects = [objectSubject(later), objectSubject(pods({ replicas: 8 }))];
    const { findings, undecided } = judged(capacity, subjects, { blueprint: site(0) });
    assert.equal(findings.length, 1);
    assert.equal(undecided.length, 1);
  });

  it("does not count patches, and knows no exemption", () => {
    const patch = patchSubject(pods({ replicas: 80 }));
    assert.deepEqual(violations(capacity, [patch], { blueprint: site(0) }), []);
    const exempted = pods({ replicas: 80 });
    exempted.metadata.annotations = {
      "policy.sitewright.io/capacity": "until 2027-01: nobody looks",
    };
    const all = violations(capacity, [objectSubject(exempted)], { blueprint: site(0) });
    assert.match(all.join(), /its exemption does not count/);
  });

  it("never finds less where one more Pod is wanted", () => {
    const arbitrary = fc.record({
      replicas: fc.nat(6),
      cpu: fc.integer({ min: 1, max: 3000 }).map((millis) => `${millis}m`),
      memory: fc.integer({ min: 1, max: 6000 }).map((mebi) => `${mebi}Mi`),
    });
    fc.assert(
      fc.property(arbitrary, arbitrary, fc.nat(1), (one, other, spare) => {
        const other2 = { ...other, name: "other" };
        const before = found(spare, one, other2).length > 0;
        const after = found(spare, { ...one, replicas: one.replicas + 1 }, other2).length > 0;
        assert.ok(after || !before);
      }),
    );
  });

  it("bears objects of any shape", () => {
    const kinds = [
      ["apps/v1", "Deployment"],
      ["ceph.rook.io/v1", "CephCluster"],
      ["ceph.rook.io/v1", "CephFilesystem"],
      ["csi.ceph.io/v1", "Driver"],
      ["monitoring.coreos.com/v1", "Prometheus"],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.anything(),
        fc.anything(),
        ([apiVersion, kind], spec, affinity) => {
          const odd = pods({ spec: { affinity, tolerations: spec, nodeSelector: affinity } });
          judged(capacity, [objectSubject({ apiVersion, kind, spec }), objectSubject(odd)]);
        },
      ),
    );
  });
});
