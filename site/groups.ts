import type { ClusterBlueprint, Role } from "./blueprint-types";
import type { SiteHost } from "./schema/site";

type Named = Pick<SiteHost, "name" | "roles">;

/** Roles whose hosts join the cluster as ordinary nodes. */
const workerRoles: readonly Role[] = ["worker", "storage", "edge"];

const groupMembers = {
  controlPlane: (host: Named) => host.roles.includes("control-plane"),
  etcd: (host: Named) => host.roles.includes("etcd"),
  worker: (host: Named) => host.roles.some((role) => workerRoles.includes(role)),
  registry: (host: Named) => host.roles.includes("registry"),
};

/**
 * The control-plane host that stands first everywhere: the first one that is in every group which holds
 * any control-plane host. KubeKey v3 builds its role lists from an unordered map, so its "first control
 * plane" is only stable when the same host leads each group. Undefined when no host can.
 */
export function firstControlPlane(hosts: readonly Named[]): string | undefined {
  const groups = [groupMembers.controlPlane, groupMembers.etcd, groupMembers.worker]
    .map((member) => hosts.filter(member))
    .filter((members) => members.some(groupMembers.controlPlane));
  const controlPlane = hosts.filter(groupMembers.controlPlane);
  return controlPlane.find((host) => groups.every((group) => group.includes(host)))?.name;
}

/** Host names by KubeKey group, the first control-plane host leading each group that it is in. */
export function hostGroups(hosts: readonly Named[]): ClusterBlueprint["groups"] {
  const first = firstControlPlane(hosts);
  const names = (member: (host: Named) => boolean) => {
    const found = hosts.filter(member).map((host) => host.name);
    return [...found.filter((name) => name === first), ...found.filter((name) => name !== first)];
  };
  return {
    controlPlane: names(groupMembers.controlPlane),
    etcd: names(groupMembers.etcd),
    worker: names(groupMembers.worker),
    registry: names(groupMembers.registry),
  };
}
