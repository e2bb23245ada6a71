import { ANNOTATION } from "../objects/annotations";
import { gvkOf, isConfigMap, isSecretObject } from "../objects/kinds";
import { annotationOf, type KubeObject, pluck } from "../objects/kube-object";

/** A path in an object whose change means a new object; "*" stands for every element of a list. */
export type ReplacePath = readonly string[];

/** What the provider's configuration says about changing data in place. */
export interface MutableData {
  configMaps: boolean;
  secrets: boolean;
}

const paths = (...dotted: string[]): ReplacePath[] => dotted.map((path) => path.split("."));

const IDENTITY = paths("metadata.name", "metadata.namespace");
const SELECTOR = paths("spec.selector");
const STATEFUL_SET = paths(
  "spec.podManagementPolicy",
  "spec.revisionHistoryLimit",
  "spec.selector",
  "spec.serviceName",
  "spec.volumeClaimTemplates",
);
const JOB = paths("spec.completions", "spec.parallelism", "spec.selector", "spec.template");
const ROLE_REF = paths("roleRef");

const VOLUME_SOURCES =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker " +
  "gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume " +
  "quobyte rbd scaleIO storageos vsphereVolume";
const POD_FIELDS =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases " +
  "hostIPC hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead " +
  "preemptionPolicy priority priorityClassName readinessGates restartPolicy runtimeClassName " +
  "schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace " +
  "subdomain terminationGracePeriodSeconds volumes";
const CONTAINER_FIELDS =
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe " +
  "resources securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy " +
  "tty volumeDevices volumeMounts workingDir";

const under = (prefix: string, fields: string): ReplacePath[] =>
  fields.split(" ").map((field) => [...prefix.split("."), field]);

const POD = [
  ...under("spec", POD_FIELDS),
  ...under("spec.containers.*", CONTAINER_FIELDS),
  ...under("spec.initContainers.*", CONTAINER_FIELDS),
];

const RULES: Record<string, readonly ReplacePath[]> = {
  "apps/v1beta1/StatefulSet": STATEFUL_SET,
  "apps/v1beta2/StatefulSet": STATEFUL_SET,
  "apps/v1/StatefulSet": STATEFUL_SET,
  "apps/v1beta2/DaemonSet": SELECTOR,
  "apps/v1/DaemonSet": SELECTOR,
  "apps/v1beta2/Deployment": SELECTOR,
  "apps/v1/Deployment": SELECTOR,
  "batch/v1beta1/Job": JOB,
  "batch/v1/Job": JOB,
  "policy/v1beta1/PodDisruptionBudget": paths("spec"),
  "rbac.authorization.k8s.io/v1alpha1/ClusterRoleBinding": ROLE_REF,
  "rbac.authorization.k8s.io/v1beta1/ClusterRoleBinding": ROLE_REF,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ROLE_REF,
  "rbac.authorization.k8s.io/v1alpha1/RoleBinding": ROLE_REF,
  "rbac.authorization.k8s.io/v1beta1/RoleBinding": ROLE_REF,
  "rbac.authorization.k8s.io/v1/RoleBinding": ROLE_REF,
  "storage.k8s.io/v1/StorageClass": paths("parameters", "provisioner"),
  "/v1/PersistentVolume": under("spec", VOLUME_SOURCES),
  "/v1/PersistentVolumeClaim": paths(
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ),
  "/v1/Pod": POD,
  "/v1/ResourceQuota": paths("spec.scopes"),
  "/v1/Secret": paths("type"),
  "/v1/Service": paths("spec.clusterIP"),
};

/** The paths of an object whose change asks for a new object instead of an update. */
export function replacePathsOf(object: KubeObject, mutable: MutableData): readonly ReplacePath[] {
  const { group, version, kind } = gvkOf(object);
  const immutable = pluck(object, "immutable") === true;
  if (isSecretObject(object) && (!mutable.secrets || immutable)) {
    return [...IDENTITY, ["type"], ["stringData"], ["data"]];
  }
  if (isConfigMap(object) && (!mutable.configMaps || immutable)) {
    return [...IDENTITY, ["binaryData"], ["data"]];
  }
  return [...IDENTITY, ...(RULES[`${group}/${version}/${kind}`] ?? [])];
}

/** For patch resources and the like: only the identity of the object forces a new one. */
export const identityPaths: readonly ReplacePath[] = IDENTITY;

/** True when a change at `path` touches one of the paths, from above, below or exactly. */
export function forcesReplace(
  path: readonly (string | number)[],
  patched: unknown,
  rules: readonly ReplacePath[],
): boolean {
  return rules.some((rule) => {
    for (const [i, expected] of rule.entries()) {
      if (i >= path.length) return reaches(patched, rule.slice(i));
      const step = path[i];
      if (expected === "*" ? typeof step !== "number" : step !== expected) return false;
    }
    return true;
  });
}

/** True when the changed value itself holds something at the rest of a rule's path. */
function reaches(value: unknown, rest: ReplacePath): boolean {
  const [key, ...more] = rest;
  if (key === undefined) return true;
  if (key === "*") return Array.isArray(value) && value.some((item) => reaches(item, more));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.hasOwn(value, key) && reaches((value as Record<string, unknown>)[key], more);
}

/** The annotation that asks for a new Job while the present one has not succeeded. */
export function replacesUnready(object: KubeObject): boolean {
  return annotationOf(object, ANNOTATION.replaceUnready) === "true";
}
