import { isMap, type KubeValue } from "./kube-object";

/**
 * Fields in which false, 0 or "" says something else than leaving the field out. For every other
 * optional field of its own kinds Kubernetes drops such values when it writes an object.
 */
const MEANINGFUL = new Set(
  // false
  (
    "allocateLoadBalancerNodePorts allowPrivilegeEscalation allowVolumeExpansion attachRequired " +
    "automountServiceAccountToken blockOwnerDeletion controller enableServiceLinks hostProcess " +
    "hostUsers immutable manualSelector optional podInfoOnMount privileged " +
    "readOnlyRootFilesystem requiresRepublish runAsNonRoot seLinuxMount setHostnameAsFQDN " +
    "shareProcessNamespace storageCapacity suspend terminating serving ready preserveUnknownFields " +
    // 0
    "activeDeadlineSeconds backoffLimit backoffLimitPerIndex completions defaultMode " +
    "expirationSeconds failedJobsHistoryLimit fsGroup healthCheckNodePort maxFailedIndexes " +
    "maxReplicas minReplicas mode parallelism partition percentage port priority " +
    "progressDeadlineSeconds replicas revisionHistoryLimit runAsGroup runAsUser " +
    "stabilizationWindowSeconds startingDeadlineSeconds successfulJobsHistoryLimit " +
    "terminationGracePeriodSeconds tolerationSeconds ttlSecondsAfterFinished value weight " +
    "maxUnavailable maxSurge minAvailable targetPort averageUtilization seconds timeoutSeconds " +
    // ""
    "storageClassName ingressClassName runtimeClassName apiGroup volumeAttributesClassName " +
    "loadBalancerClass timeZone appProtocol fsType"
  ).split(" "),
);

/** Zero-valued fields of those names that do go away, since only some kinds give them a meaning. */
const EMPTY_TEXT_IS_NOTHING = new Set(["value", "port", "fsType", "targetPort"]);
/** Durations of probes; zero there means the default. */
const ZERO_IS_DEFAULT = new Set(["timeoutSeconds"]);

/** True when a zero value of this field is kept. */
export function keepsZero(field: string, value: KubeValue): boolean {
  if (Array.isArray(value) || isMap(value)) return KEPT_EMPTY.has(field);
  if (value === "" && EMPTY_TEXT_IS_NOTHING.has(field)) return false;
  if (value === 0 && ZERO_IS_DEFAULT.has(field)) return false;
  return MEANINGFUL.has(field);
}

/** Lists and maps that Kubernetes writes even when they are empty. */
const KEPT_EMPTY = new Set(["containers", "rules", "verbs"]);
