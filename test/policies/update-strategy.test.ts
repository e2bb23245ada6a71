import assert from "node:assert/strict";
import fc from "fast-check";
import { updateStrategy } from "../../policies/update-strategy";
import type { Blueprint } from "../../site/blueprint-types";
import {
  assertOnly,
  judged,
  objectSubject,
  patchSubject,
  siteA,
  unknown,
  violations,
} from "./support/judging";
import { deployment } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type AnyObject = any;

/** A Deployment of so many Pods with a strategy. */
const rolled = (strategy: unknown, replicas = 4) =>
  deployment((object) => Object.assign(object.spec, { strategy, replicas }));

const by = (rollingUpdate: object, replicas = 4) =>
  rolled({ type: "RollingUpdate", rollingUpdate }, replicas);

/** Another kind, which has its own word for the strategy. */
const other = (kind: string, updateStrategy: unknown) =>
  deployment((object) => {
    delete object.spec.strategy;
    Object.assign(object, { kind });
    Object.assign(object.spec, { updateStrategy, replicas: 4 });
  });

const keeping = (revisionHistoryLimit: unknown) =>
  deployment((object) => Object.assign(object.spec, { revisionHistoryLimit }));

const found = (object: AnyObject, setting = {}) =>
  violations(updateStrategy, [objectSubject(object)], setting);

describe("update-strategy", () => {
  for (const [title, object] of [
    ["what Kubernetes does by itself", rolled(undefined)],
    ["one Pod more before one goes", by({ maxSurge: 1, maxUnavailable: 0 })],
    ["one Pod away", by({ maxSurge: 0, maxUnavailable: 1 })],
    ["half of the Pods away", by({ maxUnavailable: "50%" })],
    ["one of two Pods away", by({ maxUnavailable: 1, maxSurge: 0 }, 2)],
    [
      "shares that come to nothing, of which Kubernetes makes one",
      by({ maxUnavailable: "1%", maxSurge: 0 }),
    ],
    ["a single Pod that ends before the next starts", rolled({ type: "Recreate" }, 1)],
    ["a StatefulSet as Kubernetes does it", other("StatefulSet", undefined)],
    ["a StatefulSet one by one", other("StatefulSet", { type: "RollingUpdate" })],
    ["a DaemonSet one by one", other("DaemonSet", undefined)],
    [
      "a DaemonSet by shares of its nodes",
      other("DaemonSet", { rollingUpdate: { maxUnavailable: "20%" } }),
    ],
    [
      "as many Pods away as an autoscaler's number of Pods may well bear",
      deployment((object) => {
        delete object.spec.replicas;
        object.spec.strategy = { rollingUpdate: { maxUnavailable: 3 } };
      }),
    ],
    ["ten old revisions, as where nothing is said", keeping(undefined)],
    ["one old revision", keeping(1)],
    [
      "what is not updated",
      { ...rolled({ type: "Recreate" }), apiVersion: "batch/v1", kind: "Job" },
    ],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(object), []));
  }

  const away = "rollingUpdate.maxUnavailable";
  for (const [title, object, where, expected] of [
    [
      "four Pods that all end first",
      rolled({ type: "Recreate" }),
      "spec.strategy.type",
      /needs RollingUpdate; given "Recreate"/,
    ],
    [
      "a strategy that there is not",
      rolled({ type: "Sometimes" }, 1),
      "spec.strategy.type",
      /given "Sometimes"/,
    ],
    [
      "three of four Pods away",
      by({ maxUnavailable: 3 }),
      `spec.strategy.${away}`,
      /at most 2 of 4 Pods; given 3/,
    ],
    [
      "all Pods away",
      by({ maxUnavailable: "100%" }),
      `spec.strategy.${away}`,
      /at most 2 of 4 Pods/,
    ],
    [
      "an update without room to move",
      by({ maxUnavailable: 0, maxSurge: "0%" }),
      `spec.strategy.${away}`,
      /no Pod is ever replaced/,
    ],
    [
      "a number of Pods in words",
      by({ maxUnavailable: "one" }),
      "spec.strategy.rollingUpdate",
      /such as 25%; given "one"/,
    ],
    [
      "a StatefulSet that waits for somebody",
      other("StatefulSet", { type: "OnDelete" }),
      "spec.updateStrategy.type",
      /given "OnDelete"/,
    ],
    [
      "a StatefulSet of which a part keeps the old version",
      other("StatefulSet", { rollingUpdate: { partition: 2 } }),
      "spec.updateStrategy.rollingUpdate.partition",
      /keep the old version; given 2/,
    ],
    [
      "a StatefulSet with most Pods away",
      other("StatefulSet", { rollingUpdate: { maxUnavailable: 3 } }),
      `spec.updateStrategy.${away}`,
      /at most 2 of 4 Pods/,
    ],
    [
      "a DaemonSet that waits for somebody",
      other("DaemonSet", { type: "OnDelete" }),
      "spec.updateStrategy.type",
      /given "OnDelete"/,
    ],
    [
      "a DaemonSet with most of the three workers' Pods away",
      other("DaemonSet", { rollingUpdate: { maxUnavailable: 2 } }),
      `spec.updateStrategy.${away}`,
      /at most 1 of 3 Pods; given 2/,
    ],
    ["no way back", keeping(0), "spec.revisionHistoryLimit", /1 to 10; given 0/],
    ["a hundred old revisions", keeping(100), "spec.revisionHistoryLimit", /1 to 10; given 100/],
    ["old revisions in words", keeping("many"), "spec.revisionHistoryLimit", /given "many"/],
  ] as const) {
    it(`refuses ${title}`, () => {
      assertOnly(found(object), `${object.kind} parcels/web: ${where} needs`, expected);
    });
  }

  it("goes by the site's own bounds", () => {
    const settings = { mostAwayPercent: 75, mostRevisions: 100 };
    assert.deepEqual(found(by({ maxUnavailable: 3 }), { settings }), []);
    assert.deepEqual(found(keeping(100), { settings }), []);
    assert.equal(found(by({ maxUnavailable: 2 }), { settings: { mostAwayPercent: 25 } }).length, 1);
  });

  describe("of a workload of the release", () => {
    /** Site-a with something else stated for the workload `queue`. */
    const stating = (settings: object): Blueprint => ({
      ...siteA(),
      workloads: siteA().workloads.map((one) =>
        one.name === "queue" ? { ...one, settings: { ...one.settings, ...settings } } : one,
      ),
    });
    const queue = (spec: object) => {
      const object = other("StatefulSet", undefined);
      object.metadata.name = "queue";
      Object.assign(object.spec, spec);
      return object;
    };
    const onDelete = queue({ updateStrategy: { type: "OnDelete" } });

    it("lets through what the release states", () => {
      const blueprint = stating({ updateStrategy: "onDelete", revisionHistoryLimit: 0 });
      assert.deepEqual(found(onDelete, { blueprint }), []);
      assert.deepEqual(found(queue({ revisionHistoryLimit: 0 }), { blueprint }), []);
    });

    it("refuses what it does not state", () => {
      assert.equal(found(onDelete).length, 1);
      const blueprint = stating({ updateStrategy: "recreate" });
      assert.equal(found(onDelete, { blueprint }).length, 1);
    });
  });

  it("judges a patch by what it states alone", () => {
    const patch = { ...deployment(), spec: { revisionHistoryLimit: 0 } };
    assert.equal(violations(updateStrategy, [patchSubject(patch)]).length, 1);
    const few = { strategy: { rollingUpdate: { maxUnavailable: 3 } } };
    for (const spec of [{}, few]) {
      assert.deepEqual(violations(updateStrategy, [patchSubject({ ...patch, spec })]), []);
    }
  });

  it("waits for the update where the strategy is not known yet", () => {
    const late = by({ maxUnavailable: unknown });
    const { findings, undecided } = judged(updateStrategy, [objectSubject(late)]);
    assert.deepEqual([findings.length, undecided[0]?.path.at(-1)], [0, "maxUnavailable"]);
  });

  it("throws at nothing, whatever stands in an object", () => {
    const strategy = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom("type", "rollingUpdate"), fc.anything()),
    );
    const spec = fc.oneof(
      fc.anything(),
      fc.record({
        strategy,
        updateStrategy: strategy,
        replicas: fc.anything(),
        template: fc.anything(),
      }),
    );
    const kind = fc.constantFrom("Deployment", "StatefulSet", "DaemonSet");
    fc.assert(
      fc.property(kind, spec, (kind, spec) => {
        judged(updateStrategy, [objectSubject({ ...deployment(), kind, spec })]);
      }),
      { numRuns: 200 },
    );
  });
});
