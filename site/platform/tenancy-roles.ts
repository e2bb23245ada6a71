import type { RoleName } from "../schema/tenancy";
import type { RoleBlueprint, RoleRule } from "./tenancy-types";

/**
 * What the three roles may do. Rights only ever add up, so what is missing here is what nobody of the role may do:
 * quotas, limit ranges and network policies are the site's. Each role has all that the one below it has; whoever may
 * bind roles can hand on no more than that.
 */

const look = ["get", "list", "watch"];
const manage = ["create", "update", "patch", "delete", "deletecollection"];

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

const deployable: readonly (readonly [string, readonly string[]])[] = [
  ["", ["configmaps", "persistentvolumeclaims", "pods", "serviceaccounts", "services"]],
  ["apps", ["daemonsets", "deployments", "statefulsets"]],
  ["autoscaling", ["horizontalpodautoscalers"]],
  ["batch", ["cronjobs", "jobs"]],
  ["policy", ["poddisruptionbudgets"]],
  ["networking.k8s.io", ["ingresses"]],
  // A Gateway decides by itself which namespaces' routes it takes.
  ["gateway.networking.k8s.io", ["grpcroutes", "httproutes"]],
];

/** Kinds of the mesh whose objects can lead other namespaces' traffic elsewhere. */
const meshKinds: readonly (readonly [string, readonly string[]])[] = [
  ["networking.istio.io", ["destinationrules", "serviceentries", "sidecars", "virtualservices"]],
  ["security.istio.io", ["authorizationpolicies", "peerauthentications", "requestauthentications"]],
];

const viewerRules: readonly RoleRule[] = [
  ...[...deployable, ...meshKinds].map(([group, resources]) => rule(group, resources, look)),
  rule(
    "",
    ["endpoints", "events", "limitranges", "pods/log", "pods/status", "resourcequotas"],
    look,
  ),
  rule("", ["namespaces"], ["get"]),
  rule("apps", ["controllerrevisions", "replicasets"], look),
  rule("discovery.k8s.io", ["endpointslices"], look),
  rule("events.k8s.io", ["events"], look),
  rule("networking.k8s.io", ["networkpolicies"], look),
  rule("rbac.authorization.k8s.io", ["rolebindings", "roles"], look),
];

const developerRules: readonly RoleRule[] = [
  ...viewerRules,
  ...deployable
    // An account is as good as the roles bound to it, and those are the operator's.
    .map(([group, all]) => [group, all.filter((one) => one !== "serviceaccounts")] as const)
    .map(([group, resources]) => rule(group, resources, manage)),
  rule("", ["secrets"], [...look, ...manage]),
  rule("apps", ["deployments/scale", "statefulsets/scale"], ["get", "update", "patch"]),
  rule("", ["pods/attach", "pods/exec", "pods/portforward"], ["get", "create"]),
  rule("", ["pods/eviction"], ["create"]),
  rule("", ["pods/ephemeralcontainers"], ["update", "patch"]),
];

const operatorRules: readonly RoleRule[] = [
  ...developerRules,
  rule("", ["serviceaccounts"], manage),
  rule("", ["serviceaccounts/token"], ["create"]),
  rule("rbac.authorization.k8s.io", ["rolebindings", "roles"], manage),
  ...meshKinds.map(([group, resources]) => rule(group, resources, manage)),
];

const rulesOf: Readonly<Record<RoleName, readonly RoleRule[]>> = {
  operator: operatorRules,
  developer: developerRules,
  viewer: viewerRules,
};

export const roleNames: readonly RoleName[] = ["operator", "developer", "viewer"];

/** Name of the ClusterRole of a role. */
export function clusterRole(role: RoleName): string {
  return `sitewright-${role}`;
}

/** The roles as ClusterRoles, which are bound in namespaces only. */
export const roleBlueprints: readonly RoleBlueprint[] = roleNames.map((role) => ({
  role,
  name: clusterRole(role),
  rules: rulesOf[role],
}));
