import { strict as assert } from "node:assert";
import {
  type ControllerObject,
  controllerObject,
  type EventObject,
  eventObject,
  type PodObject,
  podObject,
} from "../../../cli/workloads/objects";
import { type Wanted, workloadStatuses } from "../../../cli/workloads/status";

/** Objects as an API server hands them out, each as small as its test allows. */

export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

export function wanted(more: Partial<Wanted> = {}): Wanted {
  return {
    namespace: "parcels",
    name: "web",
    kind: "Deployment",
    version: "2",
    image: `registry.test/web:2@${digest("b")}`,
    replicas: 2,
    ...more,
  };
}

/** A Deployment that is done with two Pods. */
export function controller(
  status: object = {},
  spec: object = {},
  metadata: object = {},
): ControllerObject {
  return controllerObject.parse({
    metadata: { name: "web", namespace: "parcels", generation: 3, ...metadata },
    spec: { replicas: 2, ...spec },
    status: {
      observedGeneration: 3,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      ...status,
    },
  });
}

/** A Pod that is ready. */
export function pod(
  name: string,
  status: object = {},
  metadata: object = {},
  labels: object = {},
): PodObject {
  return podObject.parse({
    metadata: {
      name,
      namespace: "parcels",
      labels: { "app.kubernetes.io/name": "web", "app.kubernetes.io/version": "2", ...labels },
      ...metadata,
    },
    spec: { nodeName: "worker-1", containers: [{ name: "web", image: "" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True" }],
      containerStatuses: [container()],
      ...status,
    },
  });
}

export function container(more: object = {}) {
  return {
    name: "web",
    ready: true,
    restartCount: 0,
    imageID: `registry.test/web@${digest("b")}`,
    state: { running: {} },
    ...more,
  };
}

/** Status of a Pod whose one container is not ready, but as given. */
export function unready(more: object): object {
  return {
    conditions: [{ type: "Ready", status: "False" }],
    containerStatuses: [container({ ready: false, ...more })],
  };
}

export function warning(
  name: string,
  reason: string,
  message: string,
  lastTimestamp: string,
): EventObject {
  return eventObject.parse({
    involvedObject: { kind: "Pod", name },
    reason,
    message,
    lastTimestamp,
  });
}

/** Status of one workload, and those below it. */
export function statusOf(
  given: Partial<Wanted>,
  objects: readonly ControllerObject[],
  pods: readonly PodObject[],
  jobs: readonly ControllerObject[] = [],
) {
  const one = wanted(given);
  const controllers = { Job: jobs, [one.kind]: objects };
  const [status, ...more] = workloadStatuses([one], { controllers, pods });
  assert.ok(status !== undefined);
  return { ...status, more };
}
