import type { NamespaceBlueprint } from "./blueprint-types";
import { deliveryMode } from "./platform/delivery-modes";
import { namespaceMesh, namespaceMeshLabels } from "./platform/mesh-members";
import { exposedAt, namespaceRedirect } from "./platform/routes";
import type { Release } from "./schema/release";
import type { Site } from "./schema/site";
import { namespaceNetwork } from "./workload/namespace-network";

/** The product's namespaces, each with the Pod security level that its workloads need. */
export function siteNamespaces(site: Site, release: Release): readonly NamespaceBlueprint[] {
  return Object.entries(release.namespaces)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { labels, podSecurity }]) => {
      const mesh = namespaceMesh(site, release, name);
      const reached = Object.entries(release.workloads).some(
        ([key, workload]) =>
          workload.namespace === name &&
          exposedAt(site, key, workload).some(({ tcp, tls }) => (tcp ?? tls) === undefined),
      );
      const network = namespaceNetwork(site, release, name);
      const delivery = deliveryMode(site, release, name);
      const redirect = reached ? namespaceRedirect(site) : undefined;
      return {
        name,
        labels: {
          ...labels,
          "pod-security.kubernetes.io/enforce": podSecurity.level,
          ...namespaceMeshLabels(site, release, name),
          "app.kubernetes.io/part-of": release.product,
        },
        ...(mesh !== undefined && { mesh }),
        ...(redirect !== undefined && { redirect }),
        ...(network !== undefined && { network }),
        ...(delivery !== "deploy" && { delivery }),
      };
    });
}
