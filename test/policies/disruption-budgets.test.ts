import assert from "node:assert/strict";
import fc from "fast-check";
import { disruptionBudgets } from "../../policies/disruption-budgets";
import { type Subject, subject } from "../../policies/support/subject";
import { judged, objectSubject, patchSubject, unknown, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type AnyObject = any;

const labels = { "app.kubernetes.io/name": "web" };

const budget = (spec: object, name = "web", namespace = "parcels") => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name, namespace },
  spec: { selector: { matchLabels: labels }, ...spec },
});

const pods = (replicas: number, kind = "Deployment") =>
  deployment((object) => {
    object.kind = kind;
    object.spec.replicas = replicas;
  });

const scaler = (minReplicas: number) => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "web", namespace: "parcels" },
  spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name: "web" } },
});

const prometheus = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "Prometheus",
  metadata: { name: "watch", namespace: "monitoring" },
  spec: { replicas: 2 },
};
const ofPrometheus = (spec: object) =>
  budget({ ...spec, selector: { matchLabels: { prometheus: "watch" } } }, "watch", "monitoring");

const found = (...objects: readonly AnyObject[]) =>
  violations(
    disruptionBudgets,
    objects.map((object) => objectSubject(object)),
  );

describe("disruption-budgets", () => {
  for (const [title, objects] of [
    ["one Pod without a budget", [pods(1)]],
    ["one Pod that a budget lets go", [pods(1), budget({ maxUnavailable: 1 })]],
    ["no Pod at all, whatever its budget", [pods(0), budget({ minAvailable: 1 })]],
    ["two Pods of which one may go", [pods(2), budget({ maxUnavailable: 1 })]],
    ["two Pods of which one has to stay", [pods(2), budget({ minAvailable: 1 })]],
    ["three Pods of which half has to stay", [pods(3), budget({ minAvailable: "50%" })]],
    [
      "three of a StatefulSet of which one may go",
      [pods(3, "StatefulSet"), budget({ maxUnavailable: 1 })],
    ],
    ["one Pod for each node without a budget", [pods(1, "DaemonSet")]],
    ["a budget over one Pod for each node", [pods(1, "DaemonSet"), budget({ maxUnavailable: 1 })]],
    ["a Job of several Pods", [{ ...pods(3, "Job"), apiVersion: "batch/v1" }]],
    [
      "Pods that an autoscaler never leaves alone",
      [deployment((one) => delete one.spec.replicas), scaler(2), budget({ minAvailable: 1 })],
    ],
    ["Pods of Prometheus' operator", [prometheus, ofPrometheus({ minAvailable: 1 })]],
    [
      "Pods of the same labels in two namespaces",
      [
        pods(2),
        deployment((one) => {
          one.metadata.namespace = "shop";
        }),
        budget({ maxUnavailable: 1 }),
        budget({ maxUnavailable: 1 }, "web", "shop"),
      ],
    ],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(...objects), []));
  }

  const own = "PodDisruptionBudget parcels/web:";
  for (const [title, objects, about, expected] of [
    [
      "two Pods without a budget",
      [pods(2)],
      "Deployment parcels/web:",
      /one PodDisruptionBudget for its 2 Pods; given none/,
    ],
    [
      "Pods of a controller that Kubernetes does not have by itself, without one",
      [{ ...pods(2, "Rollout"), apiVersion: "argoproj.io/v1alpha1" }],
      "Rollout parcels/web:",
      /for its 2 Pods; given none/,
    ],
    [
      "Pods of an operator without one",
      [prometheus],
      "Prometheus monitoring/watch:",
      /for its 2 Pods; given none/,
    ],
    [
      "Pods with a budget in another namespace, which is over nothing",
      [pods(2), budget({ maxUnavailable: 1 }, "web", "shop")],
      "PodDisruptionBudget shop/web:",
      /spec\.selector needs to select Pods of namespace shop/,
      /Deployment parcels\/web: .*given none/,
    ],
    [
      "two budgets over the same Pods",
      [pods(2), budget({ maxUnavailable: 1 }), budget({ minAvailable: 1 }, "more")],
      "Deployment parcels/web:",
      /given web, more, with which none of them is ever evicted/,
    ],
    [
      "a budget that lets none go",
      [pods(2), budget({ maxUnavailable: 0 })],
      `${own} spec.maxUnavailable`,
      /let one Pod go.*given maxUnavailable 0 of 2/,
    ],
    [
      "a budget by which all have to stay",
      [pods(2), budget({ minAvailable: 2 })],
      `${own} spec.minAvailable`,
      /let one Pod go/,
    ],
    [
      "a share by which all have to stay",
      [pods(3), budget({ minAvailable: "67%" })],
      `${own} spec.minAvailable`,
      /given minAvailable "67%" of 3/,
    ],
    [
      "a budget on a single Pod",
      [pods(1), budget({ minAvailable: 1 })],
      `${own} spec.minAvailable`,
      /next: leave the budget out/,
    ],
    [
      "a budget on Pods of which an autoscaler may leave one",
      [pods(3), scaler(1), budget({ minAvailable: 1 })],
      `${own} spec.minAvailable`,
      /minAvailable 1 of 1/,
    ],
    [
      "a budget that lets all go",
      [pods(2), budget({ maxUnavailable: "100%" })],
      `${own} spec.maxUnavailable`,
      /keep 1 of 2 Pods of Deployment parcels\/web/,
    ],
    [
      "a budget by which none has to stay",
      [pods(2), budget({ minAvailable: 0 })],
      `${own} spec.minAvailable`,
      /keep 1 of 2/,
    ],
    [
      "a budget that lets the majority of a StatefulSet go",
      [pods(3, "StatefulSet"), budget({ maxUnavailable: 2 })],
      `${own} spec.maxUnavailable`,
      /keep 2 of 3 Pods/,
    ],
    [
      "a budget that says nothing",
      [pods(2), budget({})],
      `${own} spec`,
      /one of them.*given neither/,
    ],
    [
      "a budget that says both",
      [pods(2), budget({ maxUnavailable: 1, minAvailable: 1 })],
      `${own} spec`,
      /given both/,
    ],
    [
      "a budget of words",
      [pods(2), budget({ maxUnavailable: "one" })],
      `${own} spec`,
      /given maxUnavailable "one"/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(...objects);
      assert.ok(violation.startsWith(`${about} `), violation);
      assert.match(violation, expected);
      assert.ok(others.length <= 1, others.join("\n"));
    });
  }

  it("refuses a budget that is over no Pods", () => {
    const violation = found(budget({ maxUnavailable: 1 }));
    assert.match(violation.join(), /spec\.selector needs to select Pods of namespace parcels/);
  });

  it("waits for a chart to be rendered before it says that a budget is over no Pods", () => {
    const type = "kubernetes:helm.sh/v4:Chart";
    const chart = subject({ id: "chart", type, name: "c", properties: {} });
    const rest = [chart, objectSubject(budget({ maxUnavailable: 1 }))];
    assert.deepEqual(violations(disruptionBudgets, rest), []);
    const child = objectSubject(pods(1), { parent: "chart" });
    const other = {
      ...child,
      object: { ...child.object, metadata: { namespace: "shop" } },
    } as Subject;
    assert.equal(violations(disruptionBudgets, [...rest, other]).length, 1);
  });

  it("asks for a majority from as many Pods on as the site says", () => {
    const objects = [pods(3, "StatefulSet"), budget({ maxUnavailable: 2 })];
    const subjects = objects.map((object) => objectSubject(object));
    const settings = { majorityFrom: 4 };
    assert.deepEqual(violations(disruptionBudgets, subjects, { settings }), []);
  });

  it("does not ask for a budget of a patch", () => {
    assert.deepEqual(violations(disruptionBudgets, [patchSubject(pods(3))]), []);
  });

  it("judges the others where one budget is not known yet", () => {
    const late = budget({ maxUnavailable: unknown }, "late", "shop");
    const subjects = [pods(2), late, budget({ maxUnavailable: 0 })].map((one) =>
      objectSubject(one),
    );
    const { findings, undecided } = judged(disruptionBudgets, subjects);
    assert.deepEqual(
      findings.map(({ about }) => about.title),
      ["PodDisruptionBudget parcels/web"],
    );
    assert.deepEqual(undecided[0]?.path, ["spec", "maxUnavailable"]);
  });

  it("takes nothing out of an object's reason but that of an exemption", () => {
    const exempt = deployment((object) => {
      object.metadata.annotations = {
        "policy.sitewright.io/disruption-budgets": "until 2027-12: it may go down at any time",
      };
    });
    const { findings, exemptions } = judged(disruptionBudgets, [objectSubject(exempt)]);
    assert.deepEqual([findings.length, exemptions.length], [0, 1]);
  });

  it("throws at nothing, whatever stands in an object", () => {
    const spec = fc.oneof(
      fc.anything(),
      fc.dictionary(
        fc.constantFrom("selector", "maxUnavailable", "minAvailable", "replicas", "template"),
        fc.anything(),
      ),
    );
    fc.assert(
      fc.property(spec, spec, (one, other) => {
        judged(disruptionBudgets, [
          objectSubject({ ...pods(2), spec: one }),
          objectSubject({ ...budget({}), spec: other }),
          objectSubject({ ...scaler(1), spec: one }),
          objectSubject({ ...prometheus, spec: other }),
          objectSubject(pods(2)),
        ]);
      }),
      { numRuns: 150 },
    );
  });
});
