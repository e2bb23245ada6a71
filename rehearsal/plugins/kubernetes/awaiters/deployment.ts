import {
  annotationOf,
  generationOf,
  isOwnedBy,
  type KubeObject,
  nameOf,
  pluck,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import { podReasons } from "./pod";
import { type Awaiter, KINDS, READY, type Scene, type Verdict } from "./verdict";

const REVISION = "deployment.kubernetes.io/revision";

/** Deployments are ready when the current ReplicaSet's pods are, and the controller says so. */
export const deploymentAwaiter: Awaiter = {
  related: [KINDS.replicaSet, KINDS.pod, KINDS.claim],
  judgesRead: true,
  judge: judgeDeployment,
};

function judgeDeployment(scene: Scene): Verdict {
  const { object: deployment } = scene;
  const observed = pluckNumber(deployment, "status", "observedGeneration");
  if (observed === undefined || observed < generationOf(deployment)) {
    return {
      ready: false,
      progress: ["Waiting for the Deployment controller to see the change"],
      reasons: [
        "The Deployment controller has not seen the change; is the controller manager running?",
      ],
    };
  }
  const revision = annotationOf(deployment, REVISION);
  const set = scene
    .related("ReplicaSet")
    .find(
      (rs) =>
        isOwnedBy(rs, deployment) && annotationOf(rs, REVISION) === revision && revision !== "",
    );
  const available = conditionOf(deployment, "Available");
  const progressing = conditionOf(deployment, "Progressing");
  const isAvailable = pluckString(available, "status") === "True";
  const isRolledOut =
    pluckString(progressing, "status") === "True" &&
    pluckString(progressing, "reason") === "NewReplicaSetAvailable";
  const setReady = isSetReady(set);
  const unbound = unboundClaims(scene);

  const isFirst = revision === "1";
  if (isAvailable && setReady && (isFirst || isRolledOut) && unbound.length === 0) {
    const emptied = set !== undefined && pluckNumber(set, "spec", "replicas") === 0;
    const note = emptied ? [`Replicas scaled to 0 for Deployment "${nameOf(deployment)}"`] : [];
    return { ...READY, progress: [...note, "✅ Deployment initialization complete"] };
  }

  const wanted =
    pluckNumber(set, "spec", "replicas") ?? pluckNumber(deployment, "spec", "replicas") ?? 1;
  const have = pluckNumber(set, "status", "readyReplicas") ?? 0;
  const pods = set === undefined ? [] : scene.related("Pod").filter((pod) => isOwnedBy(pod, set));
  return {
    ready: false,
    progress: [
      `Waiting for app ReplicaSet to be available (${have}/${wanted} Pods available)`,
      ...unbound.map(
        (claim) =>
          `PersistentVolumeClaim: [${nameOf(claim)}] is not ready. status.phase currently at: ${pluckString(claim, "status", "phase")}`,
      ),
    ],
    reasons: [
      ...conditionReasons([available, progressing]),
      ...(unbound.length === 0
        ? []
        : [`Failed to bind PersistentVolumeClaim(s): "${unbound.map(nameOf).join(",")}"`]),
      ...rolloutReason(isAvailable, isFirst || isRolledOut, setReady, isFirst),
      ...podReasons(pods),
    ],
  };
}

function rolloutReason(
  isAvailable: boolean,
  isRolledOut: boolean,
  setReady: boolean,
  isFirst: boolean,
): string[] {
  if (!isAvailable) return ["Minimum number of live Pods was not attained"];
  if (!isRolledOut || (isFirst && !setReady)) {
    return ["Minimum number of Pods to consider the application live was not attained"];
  }
  return setReady
    ? []
    : [
        "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
      ];
}

/** The live ReplicaSet's own count is what holds: somebody may have scaled by hand. */
function isSetReady(set: KubeObject | undefined): boolean {
  if (set === undefined) return false;
  const wanted = pluckNumber(set, "spec", "replicas") ?? 1;
  const ready = pluckNumber(set, "status", "readyReplicas");
  return ready === undefined ? wanted === 0 : ready >= wanted;
}

function unboundClaims(scene: Scene): KubeObject[] {
  const names = new Set(
    pluckMaps(scene.object, "spec", "template", "spec", "volumes").map((volume) =>
      pluckString(volume, "persistentVolumeClaim", "claimName"),
    ),
  );
  return scene
    .related("PersistentVolumeClaim")
    .filter(
      (claim) => names.has(nameOf(claim)) && pluckString(claim, "status", "phase") !== "Bound",
    );
}

function conditionOf(object: KubeObject, type: string): KubeObject | undefined {
  return pluckMaps(object, "status", "conditions").find((condition) => condition.type === type);
}

function conditionReasons(conditions: (KubeObject | undefined)[]): string[] {
  return conditions
    .filter(
      (condition) =>
        pluck(condition, "status") === "False" && pluckString(condition, "message") !== "",
    )
    .map(
      (condition) => `[${pluckString(condition, "reason")}] ${pluckString(condition, "message")}`,
    );
}
