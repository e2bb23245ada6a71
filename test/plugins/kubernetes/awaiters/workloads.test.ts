import type { KubeObject } from "../../../../rehearsal/plugins/kubernetes/objects/kube-object";
import { condition, judgesRows, object, ownedBy, type Row } from "./verdicts";

const deployment = (status: KubeObject, revision = "1", generation = 1) =>
  object(
    "apps/v1",
    "Deployment",
    { spec: { replicas: 2 }, status },
    {
      generation,
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
  );
const replicaSet = (readyReplicas: number, revision = "1") =>
  object(
    "apps/v1",
    "ReplicaSet",
    { spec: { replicas: 2 }, status: { readyReplicas } },
    {
      ...ownedBy("Deployment"),
      annotations: { "deployment.kubernetes.io/revision": revision },
    },
  );
const live = {
  observedGeneration: 1,
  conditions: [
    condition("Available", "True"),
    condition("Progressing", "True", "NewReplicaSetAvailable"),
  ],
};
const pullFailure = object(
  "v1",
  "Pod",
  {
    status: {
      conditions: [
        condition("PodScheduled", "True"),
        condition("Initialized", "True"),
        condition("Ready", "False"),
      ],
      containerStatuses: [
        {
          name: "web",
          ready: false,
          state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } },
        },
      ],
    },
  },
  ownedBy("ReplicaSet"),
);

const rows: Row[] = [
  {
    title: "a Deployment whose pods are all ready",
    object: deployment(live),
    related: { ReplicaSet: [replicaSet(2)] },
    ready: true,
  },
  {
    title: "a Deployment that its controller has not seen",
    object: deployment({}),
    ready: false,
    reason: /has not seen the change/,
  },
  {
    title: "a changed Deployment whose status is the old one's",
    object: deployment(live, "1", 2),
    related: { ReplicaSet: [replicaSet(2)] },
    ready: false,
  },
  {
    title: "a Deployment with half of its pods",
    object: deployment(live),
    related: { ReplicaSet: [replicaSet(1)] },
    ready: false,
    reason: /live was not attained/,
  },
  {
    title: "a second revision whose new ReplicaSet is not there yet",
    object: deployment(live, "2"),
    related: { ReplicaSet: [replicaSet(2, "1")] },
    ready: false,
  },
  {
    title: "a Deployment whose image cannot be pulled",
    object: deployment({
      observedGeneration: 1,
      conditions: [condition("Available", "False", "MinimumReplicasUnavailable", "too few")],
    }),
    related: { ReplicaSet: [replicaSet(0)], Pod: [pullFailure] },
    ready: false,
    reason: /\[Pod shop\/it\]: \[ImagePullBackOff\] no such image/,
  },
  {
    title: "a StatefulSet with every replica of its revision",
    object: object(
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 2 },
        status: {
          observedGeneration: 1,
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 2,
          currentRevision: "a",
          updateRevision: "a",
        },
      },
      { generation: 1 },
    ),
    ready: true,
  },
  {
    title: "a StatefulSet in the middle of its rollout",
    object: object(
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 2 },
        status: {
          observedGeneration: 2,
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 1,
          updatedReplicas: 1,
          currentRevision: "a",
          updateRevision: "b",
        },
      },
      { generation: 2 },
    ),
    ready: false,
    reason: /failed to advance from revision "a" to revision "b"/,
  },
  {
    title: "a StatefulSet that is rolled out by hand",
    object: object(
      "apps/v1",
      "StatefulSet",
      {
        spec: { replicas: 1, updateStrategy: { type: "OnDelete" } },
        status: {
          observedGeneration: 2,
          replicas: 1,
          readyReplicas: 1,
          currentRevision: "a",
          updateRevision: "b",
        },
      },
      { generation: 2 },
    ),
    ready: true,
  },
  {
    title: "a DaemonSet on every node",
    object: object(
      "apps/v1",
      "DaemonSet",
      {
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 2,
          currentNumberScheduled: 2,
          updatedNumberScheduled: 2,
          numberAvailable: 2,
          numberReady: 2,
        },
      },
      { generation: 1 },
    ),
    ready: true,
  },
  {
    title: "a DaemonSet on one of two nodes",
    object: object(
      "apps/v1",
      "DaemonSet",
      {
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 2,
          currentNumberScheduled: 2,
          updatedNumberScheduled: 1,
        },
      },
      { generation: 1 },
    ),
    ready: false,
    reason: /Updated: 1\/2/,
  },
  {
    title: "a completed Job",
    object: object("batch/v1", "Job", {
      status: { startTime: "now", conditions: [condition("Complete", "True")] },
    }),
    ready: true,
  },
  {
    title: "a Job that has given up",
    object: object("batch/v1", "Job", {
      status: {
        startTime: "now",
        conditions: [condition("Failed", "True", "BackoffLimitExceeded", "too often")],
      },
    }),
    ready: false,
    failed: true,
    reason: /\[BackoffLimitExceeded\] too often/,
  },
  {
    title: "a Pod that succeeded",
    object: object("v1", "Pod", {
      status: {
        phase: "Succeeded",
        conditions: [
          condition("PodScheduled", "True"),
          condition("Initialized", "True"),
          condition("Ready", "False", "PodCompleted"),
        ],
      },
    }),
    ready: true,
  },
  {
    title: "a Pod without a node",
    object: object("v1", "Pod", {
      status: {
        conditions: [
          condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available"),
        ],
      },
    }),
    ready: false,
    reason: /0\/3 nodes are available/,
  },
];

describe("Readiness of workloads, judged from what the API says", () => judgesRows(rows));
