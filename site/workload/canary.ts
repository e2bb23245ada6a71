import { imageTag, siteImage, versionLabel } from "../images";
import { ownValue } from "../path";
import { inSidecarMesh } from "../platform/mesh-members";
import type { Canary, CanaryWeight } from "../schema/canary";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { poolFor, releasedCanary, releasedTraffic, settledTraffic } from "./traffic";
import type { CanaryBlueprint } from "./traffic-types";
import type { WorkloadBlueprint } from "./workload-types";

/** Another image of a Deployment that gets a part of the requests. */

/** How far a canary has come at a site; undefined where the release knows none. */
export function canaryWeight(
  site: Pick<Site, "workloads">,
  name: string,
  workload: ReleaseWorkload,
): CanaryWeight | undefined {
  const released = releasedCanary(workload);
  if (released === undefined) return undefined;
  return ownValue(site.workloads, name)?.canary?.weight ?? released.weight ?? "abort";
}

/** The public image that a workload's own Pods run: that of a canary that was promoted, else the release's. */
export function runningImage(
  site: Pick<Site, "workloads">,
  name: string,
  workload: ReleaseWorkload,
): string {
  const canary = releasedCanary(workload);
  const promoted = canaryWeight(site, name, workload) === "promote";
  return canary !== undefined && promoted ? canary.image : workload.image;
}

/** Name of a canary's Deployment. */
export function canaryName(name: string): string {
  return `${name}-canary`;
}

/** Pods of a canary: stated, or its part of the workload's, so that at 100 it bears what the workload bore. */
export function canaryReplicas(
  { replicas: stated }: Pick<Canary, "replicas">,
  weight: number,
  replicas: number,
): number {
  return stated ?? Math.max(1, Math.ceil((replicas * weight) / 100));
}

/** A workload's canary; undefined where there is none just now, or nothing could lead requests to it. */
export function workloadCanary(
  site: Site,
  release: Release,
  name: string,
  workload: ReleaseWorkload,
  replicas: number,
): CanaryBlueprint | undefined {
  const released = releasedCanary(workload);
  const weight = canaryWeight(site, name, workload);
  if (released === undefined || typeof weight !== "number") return undefined;
  if (workload.kind !== "Deployment" || workload.ports.length === 0) return undefined;
  if (!inSidecarMesh(site, release, name, workload)) return undefined;
  const own = ownValue(site.workloads, name);
  const count = canaryReplicas(
    { replicas: own?.canary?.replicas ?? released.replicas },
    weight,
    replicas,
  );
  const pool = poolFor(settledTraffic(releasedTraffic(workload), own?.traffic), count);
  return {
    name: canaryName(name),
    image: siteImage(released.image, site.registry.host),
    version: versionLabel(imageTag(released.image)),
    replicas: count,
    weight,
    headers: own?.canary?.headers ?? released.headers ?? {},
    ...(pool !== undefined && { pool }),
  };
}

/** Every set of Pods that runs: each workload, and behind it its canary as if it were one. */
export function withCanaries(
  workloads: readonly WorkloadBlueprint[],
): readonly WorkloadBlueprint[] {
  return workloads.flatMap((workload) => {
    if (workload.canary === undefined) return [workload];
    const { name, image, version, replicas } = workload.canary;
    const { canary: _canary, routes: _routes, maxUnavailable: _most, ...rest } = workload;
    // Claims are the workload's, and both sets of Pods mount the same.
    const volumes = workload.volumes.filter(({ source }) => source.kind !== "claim");
    // Ports of all nodes lead to both by the workload's one Service.
    const ports = workload.ports.map(({ nodePort: _nodePort, ...port }) => port);
    return [workload, { ...rest, name, image, version, replicas, volumes, ports }];
  });
}
