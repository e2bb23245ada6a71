import { apiVersionFor, type GroupVersionKind } from "./kinds";

/** API versions that went away: in which minor version of Kubernetes 1, and what came instead. */
const REMOVED: readonly [apiVersion: string, kinds: string, minor: number, instead: string][] = [
  ["extensions/v1beta1", "DaemonSet Deployment ReplicaSet", 16, "apps/v1"],
  ["extensions/v1beta1", "NetworkPolicy", 16, "networking.k8s.io/v1"],
  ["extensions/v1beta1", "PodSecurityPolicy", 16, ""],
  ["extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"],
  ["apps/v1beta1", "Deployment StatefulSet ControllerRevision", 16, "apps/v1"],
  ["apps/v1beta2", "DaemonSet Deployment ReplicaSet StatefulSet ControllerRevision", 16, "apps/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    22,
    "admissionregistration.k8s.io/v1",
  ],
  ["apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 22, "apiextensions.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", "APIService", 22, "apiregistration.k8s.io/v1"],
  ["autoscaling/v2beta1", "HorizontalPodAutoscaler", 25, "autoscaling/v2"],
  ["autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"],
  ["batch/v1beta1", "CronJob", 25, "batch/v1"],
  ["certificates.k8s.io/v1beta1", "CertificateSigningRequest", 22, "certificates.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", "Lease", 22, "coordination.k8s.io/v1"],
  ["discovery.k8s.io/v1beta1", "EndpointSlice", 25, "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", "Event", 25, "events.k8s.io/v1"],
  [
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "FlowSchema PriorityLevelConfiguration",
    29,
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "FlowSchema PriorityLevelConfiguration",
    32,
    "flowcontrol.apiserver.k8s.io/v1",
  ],
  ["networking.k8s.io/v1beta1", "Ingress IngressClass", 22, "networking.k8s.io/v1"],
  ["node.k8s.io/v1beta1", "RuntimeClass", 25, "node.k8s.io/v1"],
  ["policy/v1beta1", "PodDisruptionBudget", 25, "policy/v1"],
  ["policy/v1beta1", "PodSecurityPolicy", 25, ""],
  [
    "rbac.authorization.k8s.io/v1beta1",
    "ClusterRole ClusterRoleBinding Role RoleBinding",
    22,
    "rbac.authorization.k8s.io/v1",
  ],
  [
    "rbac.authorization.k8s.io/v1alpha1",
    "ClusterRole ClusterRoleBinding Role RoleBinding",
    20,
    "rbac.authorization.k8s.io/v1",
  ],
  ["scheduling.k8s.io/v1beta1", "PriorityClass", 22, "scheduling.k8s.io/v1"],
  [
    "storage.k8s.io/v1beta1",
    "CSIDriver CSINode StorageClass VolumeAttachment",
    22,
    "storage.k8s.io/v1",
  ],
  ["storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"],
];

/** What to tell a user of an API version that is old. */
export interface Deprecation {
  /** True when the cluster does not serve it any more. */
  removed: boolean;
  message: string;
}

/**
 * Whether the API version of a kind is gone, or going, in a cluster of that version.
 * @param clusterVersion such as "v1.34.2".
 */
export function deprecationOf(
  gvk: GroupVersionKind,
  clusterVersion: string,
): Deprecation | undefined {
  const kind = gvk.kind.replace(/Patch$/, "");
  const apiVersion = apiVersionFor(gvk);
  const found = REMOVED.find(
    ([version, kinds]) => version === apiVersion && kinds.split(" ").includes(kind),
  );
  if (found === undefined) return undefined;
  const [, , removedIn, instead] = found;
  const minor = Number(/^v?1\.(\d+)/.exec(clusterVersion)?.[1] ?? Number.NaN);
  const advice =
    instead === "" ? "There is nothing that takes its place." : `Use "${instead}/${kind}" instead.`;
  return minor >= removedIn
    ? {
        removed: true,
        message: `apiVersion "${apiVersion}/${kind}" was removed in Kubernetes 1.${removedIn}. ${advice}`,
      }
    : {
        removed: false,
        message: `${apiVersion}/${kind} is deprecated and goes away in Kubernetes 1.${removedIn}. ${advice}`,
      };
}
