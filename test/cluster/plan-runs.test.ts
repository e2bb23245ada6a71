import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CurrentCluster,
  type CurrentNode,
  type PlannedRun,
  planRuns,
  type WantedCluster,
} from "../../components/cluster/kubekey/plan-runs";

const wanted: WantedCluster = {
  site: "site-t",
  kubernetes: "v1.33.4",
  controlPlane: ["cp-1", "cp-2", "cp-3"],
  etcd: ["cp-1", "cp-2", "cp-3"],
  worker: ["w-1", "w-2"],
  settings: { podCidr: "10.233.64.0/18" },
  upgrade: true,
  kubekey: "v3.1.12",
};
const all = [...wanted.controlPlane, ...wanted.worker];

function node(name: string, change: Partial<CurrentNode> = {}): CurrentNode {
  const controlPlane = name.startsWith("cp");
  return { name, ready: true, kubelet: "v1.33.4", controlPlane, ...change };
}

function adminConf(...names: string[]): Record<string, boolean> {
  return Object.fromEntries(wanted.controlPlane.map((name) => [name, names.includes(name)]));
}

const empty: CurrentCluster = { adminConf: adminConf(), applied: [], settings: {} };
const healthy: CurrentCluster = {
  adminConf: adminConf(...wanted.controlPlane),
  nodes: all.map((name) => node(name)),
  applied: all,
  settings: { podCidr: "10.233.64.0/18" },
};

describe("planning kk's runs", () => {
  const cases: [string, CurrentCluster, Partial<WantedCluster>, PlannedRun[]][] = [
    ["creates where nothing is", empty, {}, [{ kind: "create" }]],
    ["does nothing where all is as wanted", healthy, {}, []],
    [
      "adds workers that are new",
      healthy,
      { worker: ["w-1", "w-2", "w-3"] },
      [{ kind: "add-nodes", names: ["w-3"] }],
    ],
    [
      "removes a worker that the site no longer has",
      healthy,
      { worker: ["w-1"] },
      [{ kind: "delete-node", name: "w-2" }],
    ],
    [
      "removes before it adds, as an address may move",
      healthy,
      { worker: ["w-1", "w-3"] },
      [
        { kind: "delete-node", name: "w-2" },
        { kind: "add-nodes", names: ["w-3"] },
      ],
    ],
    [
      "upgrades older nodes",
      { ...healthy, nodes: all.map((name) => node(name, { kubelet: "v1.32.8" })) },
      {},
      [{ kind: "upgrade", version: "v1.33.4" }],
    ],
    [
      "goes on with an upgrade that stopped half-way",
      {
        ...healthy,
        nodes: all.map((n) => node(n, { kubelet: n < "cp-3" ? "v1.33.4" : "v1.32.8" })),
      },
      {},
      [{ kind: "upgrade", version: "v1.33.4" }],
    ],
    [
      "goes on with a first run that stopped after every control plane was there",
      { ...healthy, nodes: healthy.nodes?.slice(0, 4) ?? [], applied: [] },
      {},
      [{ kind: "create" }],
    ],
    [
      "adds a control plane to a cluster that was in use",
      {
        adminConf: { "cp-1": true, "cp-2": false, "cp-3": false },
        nodes: ["cp-1", "w-1", "w-2"].map((name) => node(name)),
        applied: ["cp-1", "w-1", "w-2"],
        settings: {},
      },
      {},
      [{ kind: "add-nodes", names: ["cp-2", "cp-3"] }],
    ],
  ];
  for (const [what, current, change, expected] of cases) {
    it(what, () => assert.deepEqual(planRuns(current, { ...wanted, ...change }), expected));
  }

  const refusals: [string, CurrentCluster, Partial<WantedCluster>, RegExp][] = [
    [
      "control planes that disagree after a first run, and tells how to start over",
      { ...empty, adminConf: adminConf("cp-1") },
      {},
      /cp-1 has \/etc\/kubernetes\/admin.conf, cp-2, cp-3 has not[\s\S]*SITEWRIGHT_DESTROY=site-t/,
    ],
    [
      "control planes that disagree although all were in use",
      { ...healthy, adminConf: adminConf("cp-1", "cp-2") },
      {},
      /control planes disagree[\s\S]*kk add nodes/,
    ],
    [
      "an API server that is silent",
      { adminConf: adminConf("cp-1", "cp-2", "cp-3"), applied: all, settings: {} },
      {},
      /API server does not answer/,
    ],
    ["a cluster that vanished", { ...empty, applied: all }, {}, /was set up here before/],
    [
      "to remove a control plane",
      healthy,
      { controlPlane: ["cp-1", "cp-2"], etcd: ["cp-1"] },
      /cp-3 is a control plane/,
    ],
    [
      "to remove a node that is not ours",
      { ...healthy, nodes: [...(healthy.nodes ?? []), node("stranger")] },
      {},
      /stranger that neither the site/,
    ],
    [
      "to go back in version",
      { ...healthy, nodes: all.map((name) => node(name, { kubelet: "v1.34.0" })) },
      {},
      /no way back/,
    ],
    [
      "an upgrade with a kk that has none",
      { ...healthy, nodes: all.map((name) => node(name, { kubelet: "v1.32.8" })) },
      { upgrade: false, kubekey: "v4.0.6" },
      /kk v4\.0\.6 has no upgrade/,
    ],
    [
      "an upgrade that leaves out a minor",
      { ...healthy, nodes: all.map((name) => node(name, { kubelet: "v1.31.12" })) },
      {},
      /runs Kubernetes v1\.31\.12[\s\S]*next: upgrade by one minor/,
    ],
    [
      "an upgrade together with other hosts",
      { ...healthy, nodes: all.map((name) => node(name, { kubelet: "v1.32.8" })) },
      { worker: ["w-1", "w-2", "w-3"] },
      /one at a time/,
    ],
    [
      "a setting that only a new cluster takes",
      healthy,
      { settings: { podCidr: "10.240.0.0/16" } },
      /podCidr from "10\.233\.64\.0\/18" to "10\.240\.0\.0\/16"/,
    ],
    [
      "to finish a first run with another version",
      { ...healthy, applied: [], nodes: [node("cp-1", { kubelet: "v1.32.8" })] },
      {},
      /a first run left cp-1 at Kubernetes v1\.32\.8/,
    ],
  ];
  for (const [what, current, change, expected] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => planRuns(current, { ...wanted, ...change }), expected);
    });
  }

  it("never plans to create while control planes disagree, whatever else is found", () => {
    const booleans = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    const some = fc.subarray(all);
    fc.assert(
      fc.property(booleans, some, some, fc.boolean(), (has, there, applied, answers) => {
        const mixed = has.some(Boolean) && !has.every(Boolean);
        fc.pre(mixed);
        const current: CurrentCluster = {
          adminConf: Object.fromEntries(wanted.controlPlane.map((n, i) => [n, has[i] ?? false])),
          applied,
          settings: {},
          ...(answers && { nodes: there.map((name) => node(name)) }),
        };
        let runs: readonly PlannedRun[] = [];
        try {
          runs = planRuns(current, wanted);
        } catch {}
        assert.ok(runs.every((run) => run.kind !== "create"));
      }),
    );
  });
});
