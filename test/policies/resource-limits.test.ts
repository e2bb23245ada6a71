import assert from "node:assert/strict";
import fc from "fast-check";
import { resourceLimits } from "../../policies/resource-limits";
import { quantity } from "../../policies/support/quantity";
import type { Subject } from "../../policies/support/subject";
import {
  contextFor,
  judged,
  objectSubject,
  patchSubject,
  type Setting,
  unknown,
  violations,
} from "./support/judging";
import { container, deployment, inContainer } from "./support/sample-objects";

const path = "Deployment parcels/web: spec.template.spec.containers[0].resources";

const withResources = (resources: unknown) =>
  deployment(inContainer((one) => Object.assign(one, { resources })));

const found = (resources: unknown, setting: Setting = {}) =>
  violations(resourceLimits, [objectSubject(withResources(resources))], setting);

const both = (requests: object, limits: object) => ({
  requests: { cpu: "100m", memory: "128Mi", ...requests },
  limits: { cpu: "200m", memory: "256Mi", ...limits },
});

describe("resource-limits", () => {
  for (const [title, resources] of [
    ["requests and limits in bounds", both({}, {})],
    ["numbers instead of text", both({ cpu: 0.1 }, { cpu: 1 })],
    ["spellings of other units", both({ memory: "64M" }, { memory: "134217728" })],
    ["limits just as far above as they may be", both({ cpu: "20m" }, { cpu: 1, memory: "1Gi" })],
    ["values that only the update will know", both({ cpu: unknown }, { memory: unknown })],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(resources), []));
  }

  for (const [title, resources, at, expected] of [
    ["a request of cores that is missing", both({ cpu: undefined }, {}), "requests.cpu", /nothing/],
    [
      "a request of memory that is missing",
      both({ memory: undefined }, {}),
      "requests.memory",
      /no/,
    ],
    ["a limit of cores that is missing", both({}, { cpu: undefined }), "limits.cpu", /nothing/],
    ["a limit of memory that is missing", both({}, { memory: undefined }), "limits.memory", /no/],
    ["no quantity", both({ cpu: "half" }, {}), "requests.cpu", /such as 250m; given half/],
    ["something odd", both({ cpu: ["1"] }, {}), "requests.cpu", /a value of type object/],
    ["a request of nothing", both({ cpu: 0 }, {}), "requests.cpu", /given 0;/],
    ["a limit of nothing, which is none", both({}, { memory: "0" }), "limits.memory", /given 0;/],
    ["less than is requested", both({}, { cpu: "50m" }), "limits.cpu", /at least what is req.*50m/],
    ["too many times the cores", both({ cpu: "1m" }, {}), "limits.cpu", /at most 50 times.*200m/],
    ["too much memory over", both({ memory: "16Mi" }, {}), "limits.memory", /at most 8 times/],
    [
      "more cores than the namespace",
      both({ cpu: 2 }, { cpu: 5 }),
      "limits.cpu",
      /at most 4, the b/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(resources);
      assert.ok(violation.startsWith(`${path}.${at} needs`), violation);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("refuses a container that says nothing, four times", () => {
    assert.equal(found(undefined).length, 4);
    assert.equal(found({}).length, 4);
  });

  it("refuses more than any node has on which the Pod may run", () => {
    const large = deployment((object) => {
      object.metadata.namespace = "monitoring";
      object.spec.template.spec.nodeSelector = { "sitewright/edge": "true" };
      object.spec.template.spec.tolerations = [{ key: "sitewright/edge", operator: "Exists" }];
      const [one] = object.spec.template.spec.containers;
      one.resources = both({ memory: "6Gi" }, { memory: "20Gi" });
    });
    const [violation = "", ...others] = violations(resourceLimits, [objectSubject(large)]);
    assert.match(violation, /limits.memory needs at most 8Gi, which the largest node that it may/);
    assert.deepEqual(others, []);
  });

  it("goes by the site's own bounds", () => {
    const resources = both({ cpu: "50m" }, { cpu: "200m" });
    assert.deepEqual(found(resources, { settings: { cpuRatio: 4 } }), []);
    assert.equal(found(resources, { settings: { cpuRatio: 3 } }).length, 1);
  });

  it("looks at init containers, sidecars and Pods of jobs too", () => {
    const bare = (name: string) => container((one) => Object.assign(one, { name, resources: {} }));
    const job = deployment((object) => {
      const { template } = object.spec;
      template.spec.initContainers = [
        bare("first"),
        { ...bare("beside"), restartPolicy: "Always" },
      ];
      Object.assign(object, { apiVersion: "batch/v1", kind: "CronJob" });
      object.spec = { jobTemplate: { spec: { template } } };
    });
    const all = violations(resourceLimits, [objectSubject(job)]);
    const start = "CronJob parcels/web: spec.jobTemplate.spec.template.spec.initContainers";
    assert.equal(all.length, 8);
    assert.ok(all.slice(0, 4).every((one) => one.startsWith(`${start}[0].resources`)));
    assert.ok(all.slice(4).every((one) => one.startsWith(`${start}[1].resources`)));
  });

  it("looks at what operators make Pods of", () => {
    const prometheus = {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "figures", namespace: "monitoring" },
      spec: { replicas: 2, resources: { requests: { cpu: "100m", memory: "1Gi" } } },
    };
    const ceph = {
      apiVersion: "ceph.rook.io/v1",
      kind: "CephCluster",
      metadata: { name: "ceph", namespace: "rook-ceph" },
      spec: {
        crashCollector: { disable: true },
        mon: { count: 3 },
        mgr: { count: 1 },
        resources: { mon: both({}, {}), mgr: both({}, {}), osd: both({}, { memory: undefined }) },
      },
    };
    const driver = {
      apiVersion: "csi.ceph.io/v1",
      kind: "Driver",
      metadata: { name: "rbd", namespace: "rook-ceph" },
      spec: {
        nodePlugin: {
          resources: { plugin: both({}, {}), registrar: both({ cpu: undefined }, {}) },
        },
        controllerPlugin: { resources: { plugin: both({}, { cpu: undefined }) } },
      },
    };
    assert.deepEqual(
      violations(
        resourceLimits,
        [prometheus, ceph, driver].map((one) => objectSubject(one)),
      ).map((one) => one.replace(/ needs.*/, "")),
      [
        "Prometheus monitoring/figures: spec.resources.limits.cpu",
        "Prometheus monitoring/figures: spec.resources.limits.memory",
        "CephCluster rook-ceph/ceph: spec.resources.osd.limits.memory",
        "Driver rook-ceph/rbd: spec.controllerPlugin.resources.plugin.limits.cpu",
        "Driver rook-ceph/rbd: spec.nodePlugin.resources.registrar.requests.cpu",
      ],
    );
  });

  it("asks a patch for nothing that it leaves alone, and still refuses what it says", () => {
    const patch = (limits: object) =>
      violations(resourceLimits, [patchSubject(withResources({ limits }))]);
    assert.deepEqual(patch({ memory: "1Gi" }), []);
    assert.equal(patch({ memory: "9Gi" }).length, 1);
  });

  it("bears objects of any shape", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Deployment", "StatefulSet", "DaemonSet"),
        fc.anything(),
        fc.anything(),
        (kind, template, resources) => {
          for (const object of [
            { apiVersion: "apps/v1", kind, spec: { template } },
            { apiVersion: "apps/v1", kind, spec: { template: { spec: template } } },
            { ...withResources(resources), kind },
          ]) {
            const subject = objectSubject(object);
            judged(resourceLimits, [subject]);
            resourceLimits.mend?.(subject, contextFor(resourceLimits));
          }
        },
      ),
    );
  });
});

describe("resource-limits, where it mends", () => {
  const context = contextFor(resourceLimits);
  const mended = (subject: Subject) => resourceLimits.mend?.(subject, context);
  const passes = (properties: Readonly<Record<string, unknown>>) =>
    assert.deepEqual(violations(resourceLimits, [objectSubject(properties)]), []);

  it("fills in the limit range of the namespace", () => {
    const given = withResources({ limits: { memory: "1Gi" } });
    const before = structuredClone(given);
    const properties = mended(objectSubject(given));
    assert.ok(properties);
    passes(properties);
    assert.deepEqual(
      properties,
      withResources({
        requests: { cpu: "50m", memory: "134217728" },
        limits: { memory: "1Gi", cpu: "500m" },
      }),
    );
    assert.deepEqual(given, before);
  });

  it("fills in the settings where the namespace has no limit range", () => {
    const given = withResources(undefined);
    given.metadata.namespace = "monitoring";
    const wanted = contextFor(resourceLimits, { settings: { limitCpu: "300m" } });
    const properties = resourceLimits.mend?.(objectSubject(given), wanted);
    assert.match(JSON.stringify(properties), /"limits":\{"cpu":"300m","memory":"512Mi"\}/);
  });

  it("leaves alone what needs nothing, patches, and what only people can mend", () => {
    const odd = { requests: { cpu: "half", memory: "64Mi" }, limits: { memory: "64Mi" } };
    const later = { ...both({ cpu: unknown }, {}), limits: { memory: "256Mi" } };
    for (const subject of [
      objectSubject(deployment()),
      patchSubject(withResources({})),
      objectSubject(withResources(odd)),
      objectSubject(withResources(later)),
      objectSubject({ apiVersion: "v1", kind: "Service", metadata: { name: "web" } }),
    ]) {
      assert.equal(mended(subject), undefined);
    }
  });

  it("gives what the rule lets through, whatever was missing", () => {
    const cpu = fc.option(
      fc.integer({ min: 1, max: 4000 }).map((millis) => `${millis}m`),
      { nil: undefined },
    );
    const memory = fc.option(
      fc.integer({ min: 1, max: 8192 }).map((mebi) => `${mebi}Mi`),
      { nil: undefined },
    );
    const amounts = fc.record({ cpu, memory });
    fc.assert(
      fc.property(amounts, amounts, (requests, limits) => {
        for (const kind of ["cpu", "memory"] as const) {
          fc.pre(requests[kind] === undefined || limits[kind] === undefined);
        }
        const given = withResources({ requests, limits });
        passes(mended(objectSubject(given)) ?? given);
      }),
    );
  });
});

describe("Quantities", () => {
  for (const [text, number] of [
    ["250m", 0.25],
    ["1.5", 1.5],
    [".5", 0.5],
    ["+1", 1],
    [2, 2],
    ["100n", 1e-7],
    ["1k", 1000],
    ["128Mi", 134217728],
    ["1Gi", 1073741824],
    ["1e3", 1000],
    ["1E3", 1000],
    ["1E", 1e18],
    ["-1", undefined],
    ["", undefined],
    ["1KB", undefined],
    [" 1", undefined],
    [null, undefined],
    [[], undefined],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${number}`, () => assert.equal(quantity(text), number));
  }
});
