import assert from "node:assert/strict";
import { waitForOf } from "../../../../rehearsal/plugins/kubernetes/awaiters/wait-for";
import type { KubeObject } from "../../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { condition, object, scene } from "./verdicts";

describe("The waitFor annotation", () => {
  const annotated = (waitFor: string, status: KubeObject = {}): KubeObject =>
    object("a.test/v1", "A", { status }, { annotations: { "pulumi.com/waitFor": waitFor } });
  const met = (waitFor: string, status: KubeObject) =>
    waitForOf(annotated(waitFor))?.judge(scene(annotated(waitFor, status))).ready;

  const table: [waitFor: string, status: KubeObject, ready: boolean][] = [
    ["jsonpath={.status.phase}=Running", { phase: "Running" }, true],
    ["jsonpath={.status.phase}=Running", { phase: "Pending" }, false],
    ["jsonpath={.status.phase}", { phase: "Pending" }, true],
    ["jsonpath={.status.phase}", {}, false],
    ["jsonpath={.status.ready}=3", { ready: 3 }, true],
    ["jsonpath={.status.list[1].name}=b", { list: [{ name: "a" }, { name: "b" }] }, true],
    [
      'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True',
      { conditions: [condition("Ready", "True")] },
      true,
    ],
    [
      'jsonpath={.status.conditions[?(@.type!="Ready")].status}=False',
      { conditions: [condition("Ready", "True"), condition("Other", "False")] },
      true,
    ],
    [
      "jsonpath={.status.items[?(@.size>=3)].name}=big",
      {
        items: [
          { size: 1, name: "small" },
          { size: 3, name: "big" },
        ],
      },
      true,
    ],
    ["condition=Ready", { conditions: [condition("Ready", "True")] }, true],
    ["condition=Ready=False", { conditions: [condition("Ready", "False")] }, true],
    ["condition=Ready", { conditions: [condition("Ready", "Unknown")] }, false],
    [
      '["condition=Ready", "jsonpath={.status.phase}=Up"]',
      { phase: "Up", conditions: [condition("Ready", "True")] },
      true,
    ],
    [
      '["condition=Ready", "jsonpath={.status.phase}=Up"]',
      { phase: "Down", conditions: [condition("Ready", "True")] },
      false,
    ],
  ];
  for (const [waitFor, status, ready] of table) {
    it(`${waitFor} is ${ready ? "met" : "not met"} by ${JSON.stringify(status)}`, () => {
      assert.equal(met(waitFor, status), ready);
    });
  }

  for (const wrong of [
    "ready",
    "jsonpath=.status.phase",
    "jsonpath={.status.phase}=",
    "jsonpath={.status[}",
    "[]",
  ]) {
    it(`refuses "${wrong}" and says how to write it`, () => {
      assert.throws(() => waitForOf(annotated(wrong)), /waitFor/);
    });
  }
});
