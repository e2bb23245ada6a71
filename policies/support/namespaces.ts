import type { Blueprint } from "../../site/blueprint-types";
import type { TenantNamespace } from "../../site/platform/tenancy-types";
import { ofBlueprint } from "./of-blueprint";

/** Whose a namespace of the site is. */
export interface KnownNamespace {
  readonly owner: "platform" | "product" | "tenant";
  /** What the site states of it; absent where it states no bounds. */
  readonly tenant?: TenantNamespace;
}

/** Every namespace that the site is meant to have, by name. */
export const knownNamespaces = ofBlueprint(
  ({ namespaces, platform }): ReadonlyMap<string, KnownNamespace> => {
    const known = new Map<string, KnownNamespace>();
    for (const { name } of platform.namespaces) known.set(name, { owner: "platform" });
    for (const { name } of namespaces) known.set(name, { owner: "product" });
    for (const tenant of platform.tenancy?.product.namespaces ?? []) {
      known.set(tenant.name, { owner: "product", tenant });
    }
    for (const tenant of workspaces(platform).flatMap((workspace) => workspace.namespaces)) {
      known.set(tenant.name, { owner: "tenant", tenant });
    }
    // A runner's namespace is made with the platform's, and bounded as its team's others.
    for (const { namespace: tenant } of platform.delivery?.runners ?? []) {
      known.set(tenant.name, { owner: "tenant", tenant });
    }
    return known;
  },
);

/** KubeSphere's label of a namespace with its workspace. */
export const kubesphereLabel = "kubesphere.io/workspace";

/** Whether a namespace's labels make it part of a workspace in which a team may make more of them, by KubeSphere. */
export function isMadeByTeam(
  { platform }: Blueprint,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  if (platform.tenancy?.kubesphere === undefined) return false;
  return workspaces(platform).some(({ name }) => name === labels[kubesphereLabel]);
}

function workspaces({ tenancy }: Blueprint["platform"]) {
  return tenancy?.workspaces ?? [];
}
