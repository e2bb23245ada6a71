import { generationOf, isOwnedBy, pluckNumber } from "../objects/kube-object";
import { podReasons } from "./pod";
import { type Awaiter, KINDS, READY, type Scene, type Verdict } from "./verdict";

/** DaemonSets are ready when every node that should run one has an updated, available pod. */
export const daemonSetAwaiter: Awaiter = {
  related: [KINDS.pod],
  judgesRead: true,
  judge: judgeDaemonSet,
};

function judgeDaemonSet(scene: Scene): Verdict {
  const { object: set } = scene;
  const missing = missingStep(scene);
  if (missing === undefined) {
    const wanted = pluckNumber(set, "status", "desiredNumberScheduled") ?? 0;
    return { ...READY, progress: [`✅ All replicas scheduled as expected. Replicas: ${wanted}`] };
  }
  const pods = scene.related("Pod").filter((pod) => isOwnedBy(pod, set));
  return { ready: false, progress: [missing], reasons: [missing, ...podReasons(pods)] };
}

/** What is still to happen, or undefined when all has. */
function missingStep({ object: set }: Scene): string | undefined {
  const observed = pluckNumber(set, "status", "observedGeneration");
  if (observed === undefined) return "Missing .status.observedGeneration";
  if (observed < generationOf(set))
    return `Daemonset generation is ${generationOf(set)}, but latest observed generation is ${observed}`;
  const wanted = pluckNumber(set, "status", "desiredNumberScheduled");
  if (wanted === undefined) return "Missing .status.desiredNumberScheduled";
  for (const [field, word] of [
    ["currentNumberScheduled", "Current"],
    ["updatedNumberScheduled", "Updated"],
    ["numberAvailable", "Available"],
    ["numberReady", "Ready"],
  ] as const) {
    const count = pluckNumber(set, "status", field) ?? 0;
    if (wanted > count) return `${word}: ${count}/${wanted}`;
  }
  return undefined;
}
