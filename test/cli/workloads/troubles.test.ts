import { strict as assert } from "node:assert";
import type { ControllerObject, PodObject } from "../../../cli/workloads/objects";
import type { Wanted } from "../../../cli/workloads/status";
import { container, controller, pod, statusOf, unready } from "./objects";

const two = [pod("web-1"), pod("web-2")];
const waiting = (reason: string, message = "") =>
  unready({ state: { waiting: { reason, message } } });

/** Why something is not ready: the objects, then the words and where to look. */
const troubles: readonly (readonly [
  string,
  Partial<Wanted>,
  readonly ControllerObject[],
  readonly PodObject[],
  readonly (readonly [string, string, readonly string[]])[],
])[] = [
  [
    "an image that is not there",
    {},
    [controller({ readyReplicas: 0 })],
    [
      pod("web-1", waiting("ImagePullBackOff", "no such image")),
      pod("web-2", waiting("ImagePullBackOff", "no such image")),
    ],
    [["ImagePullBackOff: no such image", "image", ["web-1", "web-2"]]],
  ],
  [
    "a container that ends again and again",
    {},
    [controller({ readyReplicas: 1 })],
    [
      pod("web-1"),
      pod(
        "web-2",
        unready({
          restartCount: 4,
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 1m" } },
          lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
        }),
      ),
    ],
    [
      [
        "CrashLoopBackOff: web ended with 137 (OOMKilled), restarted 4 times",
        "previous-logs",
        ["web-2"],
      ],
    ],
  ],
  [
    "a Pod that finds no node",
    {},
    [controller({ readyReplicas: 1 })],
    [
      pod("web-1"),
      pod("web-2", {
        phase: "Pending",
        containerStatuses: [],
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/3 nodes are available",
          },
        ],
      }),
    ],
    [["Unschedulable: 0/3 nodes are available", "room", ["web-2"]]],
  ],
  [
    "a first container that fails",
    {},
    [controller({ readyReplicas: 0 }, { replicas: 1 })],
    [
      pod("web-1", {
        conditions: [],
        initContainerStatuses: [
          container({
            name: "migrate",
            ready: false,
            state: { terminated: { exitCode: 1, reason: "Error" } },
          }),
        ],
        containerStatuses: [
          container({ ready: false, state: { waiting: { reason: "PodInitializing" } } }),
        ],
      }),
    ],
    [["migrate ended with 1", "logs", ["web-1"]]],
  ],
  [
    "Pods that only begin",
    {},
    [controller({ readyReplicas: 1 })],
    [pod("web-1"), pod("web-2", waiting("ContainerCreating"))],
    [["starting on worker-1", "wait", ["web-2"]]],
  ],
  [
    "a Pod that runs and does not answer",
    {},
    [controller({ readyReplicas: 1 })],
    [pod("web-1"), pod("web-2", unready({}))],
    [["web runs, but is not ready", "logs", ["web-2"]]],
  ],
  [
    "Pods that a quota forbids",
    {},
    [
      controller({
        readyReplicas: 0,
        conditions: [
          {
            type: "ReplicaFailure",
            status: "True",
            reason: "FailedCreate",
            message: "exceeded quota",
          },
        ],
      }),
    ],
    [],
    [["FailedCreate: exceeded quota", "room", []]],
  ],
  [
    "an update that takes too long, beside the Pod that holds it up",
    {},
    [
      controller({
        updatedReplicas: 1,
        conditions: [
          {
            type: "Progressing",
            status: "False",
            reason: "ProgressDeadlineExceeded",
            message: "it has timed out",
          },
        ],
      }),
    ],
    [pod("web-1"), pod("web-3", waiting("ErrImagePull", "401"))],
    [
      ["ProgressDeadlineExceeded: it has timed out", "logs", []],
      ["ErrImagePull: 401", "image", ["web-3"]],
    ],
  ],
  [
    "a change that is on its way",
    {},
    [controller({ updatedReplicas: 1 })],
    two,
    [["1 of 2 Pods are made as last asked for", "wait", []]],
  ],
  [
    "a change that nothing has seen yet",
    {},
    [controller({ observedGeneration: 2 })],
    two,
    [["the last change is not taken up yet", "wait", []]],
  ],
  [
    "a Job that gave up",
    { kind: "Job", replicas: 1 },
    [
      controller({
        failed: 3,
        conditions: [
          {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "too many tries",
          },
        ],
      }),
    ],
    [
      pod("web-x", {
        phase: "Failed",
        conditions: [],
        containerStatuses: [container({ state: { terminated: { exitCode: 2, reason: "Error" } } })],
      }),
    ],
    [
      ["BackoffLimitExceeded: too many tries", "logs", []],
      ["web ended with 2", "logs", ["web-x"]],
    ],
  ],
  [
    "a Job that goes on",
    { kind: "Job", replicas: 1 },
    [controller({ failed: 1 })],
    [],
    [["not done yet: 0 of 1 Pods have ended well, 1 tries failed", "wait", []]],
  ],
];

describe("A workload that is not ready", () => {
  for (const [what, given, objects, pods, expected] of troubles) {
    it(`names ${what}`, () => {
      const { state, troubles: found } = statusOf(given, objects, pods);
      assert.equal(state, "not-ready");
      assert.deepEqual(
        found.map(({ why, look, pods }) => [why, look, pods]),
        expected,
      );
    });
  }
});
