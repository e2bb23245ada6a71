/** Names that tenancy gives, and those that it must not. */

/** Longest name of a namespace in Kubernetes. */
export const longestNamespace = 63;

/** Namespace of the accounts that kubeconfigs are made for. */
export const accessNamespace = "sitewright-access";

/**
 * Name of a tenant's namespace in Kubernetes, the same in every place that sees more than one site: a central log, a
 * mesh over clusters. Workspaces and namespaces have no hyphens, so a name is that of one site, workspace and namespace.
 */
export function tenantNamespace(site: string, workspace: string, namespace: string): string {
  return `${site}-${workspace}-${namespace}`;
}

/** Label of a namespace with its workspace. */
export const workspaceLabel = "sitewright/workspace";

/** Account of a role in a workspace. */
export function roleAccount(workspace: string, role: string): string {
  return `${workspace}-${role}`;
}

/** Namespaces that belong to Kubernetes, to what KubeKey installs, or to KubeSphere and its extensions. */
export const keptNamespaces =
  /^(default|(kube|kubekey|kubesphere|extension|calico|tigera|istio|sitewright)(-.*)?)$/;
