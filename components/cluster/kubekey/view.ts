import type { BaselineBlueprint, Blueprint, HostBlueprint } from "../../../site/blueprint-types";

/** What kk has to know of a host. */
export type KubeKeyHost = Pick<HostBlueprint, "name" | "address" | "arch" | "login">;

/** The part of a blueprint that KubeKey's files are rendered from. */
export interface KubeKeyView {
  readonly site: string;
  readonly hosts: readonly KubeKeyHost[];
  readonly baseline: Pick<BaselineBlueprint, "ntpServers" | "timezone">;
  readonly registry: Blueprint["registry"];
  readonly cluster: Omit<Blueprint["cluster"], "files" | "images">;
}

/** Whose files: those of the whole cluster, or the few hosts that setting up the registry takes. */
export type Purpose = "cluster" | "registry";

/** The hosts that a purpose takes, and the groups reduced to them. */
export function viewFor(purpose: Purpose, view: KubeKeyView): KubeKeyView {
  if (purpose === "cluster") return view;
  // A config without a control plane is refused, so the first one stands in; the others need not be there yet,
  // and a host that joins the site later does not make the registry look changed.
  const first = view.cluster.groups.controlPlane.slice(0, 1);
  const { registry } = view.cluster.groups;
  const names = new Set([...first, ...registry]);
  return {
    ...view,
    hosts: view.hosts.filter((host) => names.has(host.name)),
    cluster: {
      ...view.cluster,
      groups: { controlPlane: first, etcd: first, worker: first, registry },
      certificateNames: [],
    },
  };
}

/** Text that stands for a secret in a rendered file until it is written on the installer. */
export function secretPlaceholder(name: string): string {
  return `\${secret:${name}}`;
}

/** Name under which steps receive the registry's admin password, whether the site gave it or it was made up. */
export const REGISTRY_PASSWORD = "registryPassword";

/** Folder with the registry's CA and client certificate, on the installer and on every node. */
export function registryCertsDir(registryHost: string): string {
  return `/etc/docker/certs.d/${registryHost}`;
}
