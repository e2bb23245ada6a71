import { ProviderFailure } from "../../protocol/failure";
import { apiVersionOf, type KubeObject, kindOf } from "./kube-object";

/** Which kind of object, in which version of which group; the core group is "". */
export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

/** The API version as objects carry it: "v1" or "apps/v1". */
export function apiVersionFor(gvk: { group: string; version: string }): string {
  return gvk.group === "" ? gvk.version : `${gvk.group}/${gvk.version}`;
}

/** The kind an object says it is. */
export function gvkOf(object: KubeObject): GroupVersionKind {
  return { ...groupVersionOf(apiVersionOf(object)), kind: kindOf(object) };
}

/** The parts of an API version; "core/v1" means "v1". */
export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  if (slash < 0) return { group: "", version: apiVersion };
  const group = apiVersion.slice(0, slash);
  return { group: group === "core" ? "" : group, version: apiVersion.slice(slash + 1) };
}

/**
 * The kind that a Pulumi type such as "kubernetes:apps/v1:Deployment" stands for.
 * Errors when the type is not one of a Kubernetes object.
 */
export function gvkOfType(type: string): GroupVersionKind {
  const [pkg, module, kind] = type.split(":");
  const parts = (module ?? "").split("/");
  if (pkg !== "kubernetes" || kind === undefined || parts.length !== 2) {
    throw new ProviderFailure(
      `"${type}" is not the type of a Kubernetes object; it must look like kubernetes:<group>/<version>:<Kind>`,
    );
  }
  return { ...groupVersionOf(`${parts[0]}/${parts[1]}`), kind };
}

/** The type part of a resource's URN. */
export function typeOfUrn(urn: string): string {
  const qualified = urn.split("::")[2] ?? "";
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}

/** The name part of a resource's URN. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** True for DeploymentPatch and the like, but not for a custom resource whose name ends so. */
export function isPatch(urn: string, kind: string): boolean {
  return typeOfUrn(urn).endsWith(`:${kind}Patch`);
}

const KNOWN_GROUPS = new Set(
  (
    "admissionregistration.k8s.io apiextensions.k8s.io apiregistration.k8s.io apps " +
    "auditregistration.k8s.io autoscaling batch certificates.k8s.io coordination.k8s.io core " +
    "discovery.k8s.io events.k8s.io extensions flowcontrol.apiserver.k8s.io meta " +
    "networking.k8s.io node.k8s.io policy rbac.authorization.k8s.io resource.k8s.io " +
    "scheduling.k8s.io settings.k8s.io storage.k8s.io storagemigration.k8s.io"
  ).split(" "),
);

/** True for the API versions Kubernetes itself brings, so not for those of a CRD. */
export function isKnownApiVersion(apiVersion: string): boolean {
  const { group } = groupVersionOf(apiVersion);
  return group === "" ? apiVersion.endsWith("v1") : KNOWN_GROUPS.has(group);
}

const CLUSTER_KINDS = new Set(
  (
    "APIService AuditSink CertificateSigningRequest ClusterRole ClusterRoleBinding " +
    "ClusterTrustBundle ComponentStatus CSIDriver CSINode CustomResourceDefinition DeviceClass " +
    "FlowSchema IPAddress IngressClass MutatingAdmissionPolicy MutatingAdmissionPolicyBinding " +
    "MutatingWebhookConfiguration Namespace Node PersistentVolume PodSecurityPolicy " +
    "PriorityClass PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR " +
    "StorageClass StorageVersionMigration ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment " +
    "VolumeAttributesClass"
  ).split(" "),
);

/** For kinds of Kubernetes itself: whether they live in a namespace. Otherwise undefined. */
export function isNamespacedKnown(gvk: GroupVersionKind): boolean | undefined {
  if (!isKnownApiVersion(apiVersionFor(gvk))) return undefined;
  return !CLUSTER_KINDS.has(gvk.kind.replace(/Patch$/, ""));
}

export const isCrd = (object: KubeObject): boolean =>
  kindOf(object) === "CustomResourceDefinition" &&
  apiVersionOf(object).startsWith("apiextensions.k8s.io/");

const isCore = (object: KubeObject): boolean => gvkOf(object).group === "";
export const isSecretObject = (object: KubeObject): boolean =>
  isCore(object) && kindOf(object) === "Secret";
export const isConfigMap = (object: KubeObject): boolean =>
  isCore(object) && kindOf(object) === "ConfigMap";

/** True for ConfigMapList and the like of Kubernetes itself, which cannot be created. */
export function isListType(type: string): boolean {
  const [, module, kind] = type.split(":");
  return (kind ?? "").endsWith("List") && isKnownApiVersion(module ?? "");
}
