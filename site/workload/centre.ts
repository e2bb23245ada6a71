import { siteImage } from "../images";
import { centreAddress } from "../platform/config-centre-place";
import type { ConfigCentreBlueprint } from "../platform/config-centre-types";
import type { Resources } from "../pod-types";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { CentreBlueprint, WorkloadBlueprint } from "./workload-types";

/** What workloads keep in the site's config centre. */

/** Of the Pod that brings the entries there. */
export const importResources: Resources = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "192Mi" },
};

/** The same workloads, with what those that have entries need for them. */
export function withCentre(
  workloads: readonly WorkloadBlueprint[],
  centre: ConfigCentreBlueprint | undefined,
  site: Site,
  release: Release,
): readonly WorkloadBlueprint[] {
  const address = centreAddress(site);
  if (centre === undefined || address === undefined) return workloads;
  const image = siteImage(centre.image, site.registry.host);
  return workloads.map((workload) => {
    const entries = release.workloads[workload.name]?.centre;
    if (entries === undefined) return workload;
    const own: CentreBlueprint = {
      address,
      prefix: `${release.product}/${workload.namespace}/${workload.name}/`,
      entries,
      image,
      resources: importResources,
      labels: outsideMesh(site),
      ...tlsOf(site),
    };
    return { ...workload, centre: own };
  });
}

/** A proxy beside a Pod that ends would be one more thing to wait for. */
function outsideMesh({ mesh }: Pick<Site, "mesh">): Readonly<Record<string, string>> {
  if (mesh === undefined) return {};
  return mesh.mode === "sidecar"
    ? { "sidecar.istio.io/inject": "false" }
    : { "istio.io/dataplane-mode": "none" };
}

function tlsOf({ configCentre }: Pick<Site, "configCentre">) {
  if (configCentre?.kind !== "external") return {};
  const { ca, serverName } = configCentre.tls ?? {};
  return { ...(ca !== undefined && { ca }), ...(serverName !== undefined && { serverName }) };
}
