import {
  isMap,
  isSame,
  type KubeObject,
  nameOf,
  pluck,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import { type Awaiter, READY, type Scene, type Verdict, waiting } from "./verdict";

/** An awaiter that looks at nothing but the object. */
function plain(judge: (scene: Scene) => Verdict): Awaiter {
  return { related: [], judgesRead: false, judge };
}

/** PersistentVolumes are ready when they are available or bound. */
export const volumeAwaiter = plain(({ object }) => {
  const phase = pluckString(object, "status", "phase");
  if (phase === "Available") return { ...READY, progress: ["✅ PV marked available"] };
  if (phase === "Bound") return { ...READY, progress: ["✅ PV has been bound"] };
  return waiting(`Waiting for PersistentVolume "${nameOf(object)}" to be available`, [
    `its phase is "${phase}"`,
  ]);
});

/** PersistentVolumeClaims are ready when bound; or pending, if their class waits for a pod. */
export const claimAwaiter: Awaiter = {
  related: [{ group: "storage.k8s.io", version: "v1", kind: "StorageClass" }],
  judgesRead: false,
  judge: ({ object, related }) => {
    const phase = pluckString(object, "status", "phase");
    if (phase === "Bound") return READY;
    const className = pluckString(object, "spec", "storageClassName");
    const storageClass = related("StorageClass").find((item) => nameOf(item) === className);
    if (
      pluckString(storageClass, "volumeBindingMode") === "WaitForFirstConsumer" &&
      phase === "Pending"
    ) {
      return READY;
    }
    const why =
      className === ""
        ? "it names no storage class and there is no default one"
        : storageClass === undefined
          ? `there is no storage class "${className}"`
          : `its phase is "${phase}"; does the provisioner "${pluckString(storageClass, "provisioner")}" run?`;
    return waiting(`Waiting for PersistentVolumeClaim "${nameOf(object)}" to be bound`, [why]);
  },
};

/** ResourceQuotas are ready when the controller has taken their limits over. */
export const quotaAwaiter = plain(({ object }) =>
  isSame(pluck(object, "spec", "hard") ?? {}, pluck(object, "status", "hard") ?? {})
    ? READY
    : waiting("Waiting for the ResourceQuota's limits to take effect", [
        "status.hard is not spec.hard yet",
      ]),
);

/** ReplicationControllers are ready when all replicas are available. */
export const replicationControllerAwaiter = plain(({ object }) =>
  replicas(object, "availableReplicas"),
);

/** ReplicaSets are ready when all replicas are. */
export const replicaSetAwaiter = plain(({ object }) => replicas(object, "readyReplicas"));

function replicas(object: KubeObject, field: string): Verdict {
  const wanted = pluckNumber(object, "spec", "replicas") ?? 1;
  const have = pluckNumber(object, "status", field) ?? 0;
  if (have === wanted) return READY;
  return waiting(`Waiting for replicas (${have}/${wanted} ready)`, [
    `${have} out of ${wanted} replicas are ready`,
  ]);
}

/** Token Secrets are ready when the token is in them; all other Secrets at once. */
export const secretAwaiter = plain(({ object }) => {
  if (pluckString(object, "type") !== "kubernetes.io/service-account-token") return READY;
  const data = object.data;
  if (isMap(data) && Object.keys(data).length > 0) return READY;
  return waiting("Waiting for the service account's token", [
    "no token was put in; does its service account exist?",
  ]);
});

/** CRDs are ready when the API serves them. */
export const crdAwaiter = plain(({ object }) =>
  conditioned(object, "Established", "the API to serve the new kind"),
);

/** APIServices are ready when the API behind them answers. */
export const apiServiceAwaiter = plain(({ object }) =>
  conditioned(object, "Available", "the API behind it to answer"),
);

/** Namespaces are ready when active. */
export const namespaceAwaiter = plain(({ object }) => {
  const phase = pluckString(object, "status", "phase");
  return phase === "Active"
    ? READY
    : waiting("Waiting for the Namespace to be active", [`its phase is "${phase}"`]);
});

function conditioned(object: KubeObject, type: string, what: string): Verdict {
  const condition = pluckMaps(object, "status", "conditions").find((item) => item.type === type);
  if (pluckString(condition, "status") === "True") return READY;
  const message = pluckString(condition, "message");
  return waiting(`Waiting for ${what}`, message === "" ? [] : [message]);
}
