import { generationOf, isOwnedBy, pluckNumber, pluckString } from "../objects/kube-object";
import { podReasons } from "./pod";
import { type Awaiter, KINDS, READY, type Scene, type Verdict } from "./verdict";

/** StatefulSets are ready when every replica is of the wanted revision and ready. */
export const statefulSetAwaiter: Awaiter = {
  related: [KINDS.pod],
  judgesRead: true,
  judge: judgeStatefulSet,
};

function judgeStatefulSet(scene: Scene): Verdict {
  const { object: set } = scene;
  const status = (field: string) => pluckNumber(set, "status", field) ?? 0;
  const generation = generationOf(set);
  const observed = (pluckNumber(set, "status", "observedGeneration") ?? -1) >= generation;
  const wanted = pluckNumber(set, "spec", "replicas") ?? 0;
  const current = pluckString(set, "status", "currentRevision");
  const target = pluckString(set, "status", "updateRevision");
  const byHand =
    generation > 1 && pluckString(set, "spec", "updateStrategy", "type") === "OnDelete";

  const revisionReady = observed && (byHand || (current !== "" && current === target));
  const replicasReady =
    observed &&
    wanted === status("replicas") &&
    wanted === status("readyReplicas") &&
    (byHand || wanted === status("currentReplicas"));
  if (revisionReady && replicasReady) {
    return { ...READY, progress: ["✅ StatefulSet initialization complete"] };
  }

  const counted = revisionReady
    ? status("readyReplicas")
    : Math.min(status("readyReplicas"), status("updatedReplicas"));
  return {
    ready: false,
    progress: [progressOf(generation, replicasReady, counted, wanted)],
    reasons: [
      ...(replicasReady ? [] : [`${counted} out of ${wanted} replicas succeeded readiness checks`]),
      ...(revisionReady
        ? []
        : [
            `StatefulSet controller failed to advance from revision "${current}" to revision "${target}"`,
          ]),
      ...podReasons(scene.related("Pod").filter((pod) => isOwnedBy(pod, set))),
    ],
  };
}

function progressOf(
  generation: number,
  replicasReady: boolean,
  counted: number,
  wanted: number,
): string {
  const pods = `(${counted}/${wanted} Pods ready)`;
  if (generation <= 1) return `[1/2] Waiting for StatefulSet to create Pods ${pods}`;
  return replicasReady
    ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
    : `[1/3] Waiting for StatefulSet update to roll out ${pods}`;
}
