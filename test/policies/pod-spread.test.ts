import assert from "node:assert/strict";
import fc from "fast-check";
import { podSpread } from "../../policies/pod-spread";
import { subject } from "../../policies/support/subject";
import {
  assertOnly,
  contextFor,
  judged,
  objectSubject,
  patchSubject,
  unknown,
  violations,
} from "./support/judging";
import { deployment } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type AnyObject = any;

const hard = "requiredDuringSchedulingIgnoredDuringExecution";
const soft = "preferredDuringSchedulingIgnoredDuringExecution";
const labels = { "app.kubernetes.io/name": "web" };
const term = {
  topologyKey: "kubernetes.io/hostname",
  labelSelector: { matchLabels: labels },
};
const apart = { [hard]: [term] };
const rather = { [soft]: [{ weight: 1, podAffinityTerm: term }] };

/** The sample Deployment with nothing but this to keep its Pods apart. */
function web(podAntiAffinity: unknown, change: (object: AnyObject) => void = () => {}) {
  return deployment((object) => {
    const { spec } = object.spec.template;
    delete spec.topologySpreadConstraints;
    if (podAntiAffinity !== undefined) spec.affinity = { podAntiAffinity };
    change(object);
  });
}

const evenly = (constraint: object, change: (object: AnyObject) => void = () => {}) =>
  web(undefined, (object) => {
    object.spec.template.spec.topologySpreadConstraints = [
      { maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", ...term, ...constraint },
    ];
    change(object);
  });

const replicas = (count: number) => (object: AnyObject) => {
  object.spec.replicas = count;
};

const stateful = (count: number) => (object: AnyObject) => {
  object.kind = "StatefulSet";
  object.spec.replicas = count;
};

const found = (object: AnyObject, setting = {}) =>
  violations(podSpread, [objectSubject(object)], setting);

describe("pod-spread", () => {
  for (const [title, object] of [
    ["a single Pod that nothing keeps apart", web(undefined, replicas(1))],
    ["a wish to keep two Pods apart", web(rather)],
    ["two Pods that never share a host", web(apart)],
    ["a spread over hosts", deployment()],
    ["a spread over zones", evenly({ topologyKey: "topology.kubernetes.io/zone" })],
    ["three Pods of a StatefulSet that never share a host", web(apart, stateful(3))],
    ["three Pods of a StatefulSet that are spread evenly", evenly({}, stateful(3))],
    [
      "five Pods of a StatefulSet of which a host takes two",
      evenly({ nodeTaintsPolicy: "Honor" }, stateful(5)),
    ],
    ["two Pods of a StatefulSet with a wish", web(rather, stateful(2))],
    [
      "one Pod for each of three hosts that makes room before it is renewed",
      web(apart, (object) => {
        object.spec.replicas = 3;
        object.spec.strategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0 };
      }),
    ],
    [
      "a selector by expressions, in a namespace that is named",
      web({
        [hard]: [
          {
            ...term,
            namespaces: ["parcels"],
            labelSelector: {
              matchExpressions: [
                { key: "app.kubernetes.io/name", operator: "In", values: ["web"] },
              ],
            },
          },
        ],
      }),
    ],
    [
      "an object that makes no Pods",
      { apiVersion: "v1", kind: "Service", metadata: { name: "web" } },
    ],
    ["a Job of several Pods", { ...web(undefined), apiVersion: "batch/v1", kind: "Job" }],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(object), []));
  }

  const path = "spec.template.spec.affinity.podAntiAffinity";
  for (const [title, object, where, expected] of [
    ["two Pods that nothing keeps apart", web(undefined), path, /own 2 Pods; given nothing;/],
    [
      "an anti-affinity that is over other Pods",
      web({ [hard]: [{ ...term, labelSelector: { matchLabels: { app: "other" } } }] }),
      path,
      /given one that selects other Pods/,
    ],
    [
      "an anti-affinity over another namespace",
      web({ [hard]: [{ ...term, namespaces: ["shop"] }] }),
      path,
      /given one that selects other Pods/,
    ],
    [
      "a wish by a label that no node has",
      web({ [soft]: [{ weight: 1, podAffinityTerm: { ...term, topologyKey: "row" } }] }),
      path,
      /a label of no node/,
    ],
    [
      "a StatefulSet of three with a wish alone",
      web(rather, stateful(3)),
      path,
      /2 of 3 Pods outlive any node; given a wish that lets 3 Pods share a node/,
    ],
    [
      "a StatefulSet of three with nothing",
      web(undefined, stateful(3)),
      path,
      /given nothing that keeps them apart/,
    ],
    [
      "a StatefulSet of four of which a host may take two",
      evenly({ nodeTaintsPolicy: "Honor" }, stateful(4)),
      path,
      /3 of 4 Pods outlive any node; given a spread that lets 2 Pods/,
    ],
    [
      "four Pods that never share one of three hosts",
      web(apart, replicas(4)),
      `${path}.${hard}[0]`,
      /nodes for 4 Pods.*room for 3.*3 that take its Pods: worker-1, worker-2, worker-3/,
    ],
    [
      "Pods that need a zone each, of which there are too few for them",
      web({ [hard]: [{ ...term, topologyKey: "topology.kubernetes.io/zone" }] }, (object) => {
        object.spec.template.spec.tolerations = [{ key: "sitewright/edge", operator: "Exists" }];
        object.spec.template.spec.nodeSelector = { "sitewright/edge": "true" };
        object.spec.replicas = 3;
      }),
      `${path}.${hard}[0]`,
      /room for 2.*edge-1, edge-2/,
    ],
    [
      "three Pods on three hosts whose update starts another first",
      web(apart, replicas(3)),
      "spec.strategy.rollingUpdate.maxUnavailable",
      /1 or more, since the 3 Pods leave no node/,
    ],
    [
      "a spread that nodes of others hold down",
      evenly({}, replicas(4)),
      "spec.template.spec.topologySpreadConstraints[0]",
      /nodes for 4 Pods.*room for 3/,
    ],
    [
      "a spread over more zones than there are",
      evenly({ minDomains: 12, nodeTaintsPolicy: "Honor" }, replicas(4)),
      "spec.template.spec.topologySpreadConstraints[0]",
      /room for 3/,
    ],
    [
      "a spread by a label that no node has",
      evenly({ topologyKey: "row" }),
      "spec.template.spec.topologySpreadConstraints[0]",
      /room for 0/,
    ],
    [
      "Pods that no node takes",
      web(rather, (object) => {
        object.spec.template.spec.nodeSelector = { disk: "nvme" };
      }),
      "spec.template.spec",
      /a node that takes its Pods; given none of the site's nodes/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assertOnly(found(object), `${object.kind} parcels/web: ${where} needs`, expected);
    });
  }

  it("lets more Pods than hosts be spread when nodes of others do not count", () => {
    assert.deepEqual(found(evenly({ nodeTaintsPolicy: "Honor" }, replicas(4))), []);
  });

  it("asks for a majority from as many Pods on as the site says", () => {
    assert.deepEqual(found(web(rather, stateful(3)), { settings: { requiredFrom: 4 } }), []);
  });

  describe("of Prometheus' operator", () => {
    const prometheus = (affinity: unknown) => ({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "watch", namespace: "monitoring" },
      spec: { replicas: 2, affinity },
    });
    const own = { ...term, labelSelector: { matchLabels: { prometheus: "watch" } } };

    it("lets Pods through that an affinity of the operator's labels keeps apart", () => {
      assert.deepEqual(found(prometheus({ podAntiAffinity: { [hard]: [own] } })), []);
    });

    it("refuses Pods that nothing keeps apart, and mends nothing", () => {
      const [violation = ""] = found(prometheus(undefined));
      assert.match(violation, /^Prometheus monitoring\/watch: spec\.affinity\.podAntiAffinity/);
      const one = objectSubject(prometheus(undefined));
      assert.equal(podSpread.mend?.(one, contextFor(podSpread)), undefined);
    });
  });

  it("does not ask a patch of the number of Pods for what keeps them apart", () => {
    const patch = { ...web(undefined), spec: { replicas: 3 } };
    assert.deepEqual(violations(podSpread, [patchSubject(patch)]), []);
  });

  it("waits for the update where it is not known yet on which nodes Pods run", () => {
    const one = objectSubject(
      web(rather, (object) => {
        object.spec.template.spec.nodeSelector = { disk: unknown };
      }),
    );
    const { findings, undecided } = judged(podSpread, [one]);
    assert.deepEqual(findings, []);
    assert.equal(undecided[0]?.path.at(-1), "disk");
  });

  it("throws at nothing, whatever stands in an object", () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.record({
        replicas: fc.constantFrom(2, 3),
        template: fc.record({
          spec: fc.dictionary(
            fc.constantFrom("affinity", "topologySpreadConstraints", "nodeSelector", "tolerations"),
            fc.oneof(
              fc.anything(),
              fc.array(
                fc.record(
                  { topologyKey: fc.constant("kubernetes.io/hostname") },
                  { requiredKeys: [] },
                ),
              ),
            ),
          ),
        }),
      }),
    );
    fc.assert(
      fc.property(odd, fc.constantFrom("Deployment", "StatefulSet"), (spec, kind) => {
        const one = objectSubject({ ...deployment(), kind, spec });
        judged(podSpread, [one]);
        podSpread.mend?.(one, contextFor(podSpread));
      }),
      { numRuns: 200 },
    );
  });

  describe("as remedy", () => {
    const mended = (object: AnyObject) => {
      // Whoever mends is given what is not known yet as it is.
      const given = subject({ id: "web", type: "", name: "web", properties: object });
      const before = structuredClone(object);
      const properties = podSpread.mend?.(given, contextFor(podSpread));
      assert.deepEqual(object, before);
      return properties as AnyObject;
    };

    for (const [title, object, key] of [
      ["a wish to two Pods", web(undefined), soft],
      ["a demand to three of a StatefulSet", web(undefined, stateful(3)), hard],
      ["a demand beside the wish of a StatefulSet", web(rather, stateful(3)), hard],
    ] as const) {
      it(`adds ${title}, and the rule is content`, () => {
        const properties = mended(object);
        assert.deepEqual(found(properties), []);
        const { podAntiAffinity } = properties.spec.template.spec.affinity;
        assert.equal(podAntiAffinity[key].length, 1);
        assert.deepEqual(
          podAntiAffinity[key === soft ? hard : soft],
          object.spec.template.spec.affinity?.podAntiAffinity[key === soft ? hard : soft],
        );
      });
    }

    for (const [title, object] of [
      ["what is kept apart", web(apart)],
      ["a single Pod", web(undefined, replicas(1))],
      ["a StatefulSet of more Pods than hosts", web(undefined, stateful(4))],
      ["Pods that its selector does not name", web(undefined, (one) => delete one.spec.selector)],
      [
        "what may be kept apart by a value that is not known yet",
        web(undefined, (one) => {
          one.spec.template.spec.affinity = unknown;
        }),
      ],
    ] as const) {
      it(`leaves ${title} alone`, () => assert.equal(mended(object), undefined));
    }

    it("leaves a patch alone", () => {
      const one = patchSubject(web(undefined));
      assert.equal(podSpread.mend?.(one, contextFor(podSpread)), undefined);
    });
  });
});
