import { imageTag, siteImage, versionLabel } from "../images";
import { ownValue } from "../path";
import { workloadMesh } from "../platform/mesh-members";
import type { MeshBlueprint } from "../platform/mesh-types";
import { workloadRoutes } from "../platform/routes";
import { traceVariables } from "../platform/tracing-clients";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { runningImage, workloadCanary } from "./canary";
import { filteredProxies } from "./filters";
import { shipperContainer, workloadLogs } from "./logs";
import { workloadMetrics } from "./metrics";
import { inOrder } from "./order";
import { patienceSeconds } from "./patience";
import { initContainers, probeOf, settingsOf, toleratedTaints } from "./pods";
import { sitePorts } from "./ports";
import { isReplicated, replicasOf } from "./replicas";
import { workloadTraffic } from "./traffic";
import { podClaims, workloadVolumes } from "./volumes";
import type { WorkloadBlueprint } from "./workload-types";

type Difference = Site["workloads"][string];

/** A release's workloads as this site runs them: by name, and each behind those that it waits for. */
export function siteWorkloads(site: Site, release: Release): readonly WorkloadBlueprint[] {
  const workloads = Object.entries(release.workloads)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, workload]) => {
      const difference = ownValue(site.workloads, name);
      const mesh = workloadMesh(site, release, name, workload);
      const routes = workloadRoutes(site, release.product, name, workload);
      const own = siteWorkload(name, workload, difference, site, release.product);
      const traffic = workloadTraffic(site, release, name, workload, own.replicas);
      const metrics = workloadMetrics(site, workload);
      const canary = workloadCanary(site, release, name, workload, own.replicas);
      return {
        ...own,
        ...(mesh !== undefined && { mesh }),
        ...(routes.length > 0 && { routes }),
        ...(traffic !== undefined && { traffic }),
        ...(canary !== undefined && { canary }),
        // Its Pods are within the workload's budget, which a single Pod beside them would not have.
        ...(canary !== undefined &&
          canary.replicas > 1 && { maxUnavailable: settingsOf(workload, site).maxUnavailable }),
        ...(metrics !== undefined && { metrics }),
      };
    });
  return inOrder(workloads);
}

/** The same workloads with the version of their proxies: a new one takes new Pods. */
export function withProxies(
  workloads: readonly WorkloadBlueprint[],
  mesh: MeshBlueprint | undefined,
): readonly WorkloadBlueprint[] {
  if (mesh?.mode !== "sidecar") return workloads;
  return workloads.map((workload) =>
    workload.mesh?.member
      ? {
          ...workload,
          mesh: {
            ...workload.mesh,
            revision: mesh.revision,
            filteredProxies: filteredProxies(mesh.version),
          },
        }
      : workload,
  );
}

function siteWorkload(
  name: string,
  workload: ReleaseWorkload,
  difference: Difference | undefined,
  site: Site,
  product: string,
): WorkloadBlueprint {
  const nodeSelector = { ...workload.nodeSelector, ...difference?.nodeSelector };
  const replicas = replicasOf(workload, site, difference?.replicas, nodeSelector);
  const replicated = isReplicated(workload);
  const { maxUnavailable, ...settings } = settingsOf(workload, site);
  const claims = podClaims(workload, difference);
  const volumes = workloadVolumes(name, workload, difference, site);
  const keeps = keptBy(workload, claims, volumes);
  const image = runningImage(site, name, workload);
  const probe = workload.probe && probeOf(workload.probe);
  return {
    name,
    namespace: workload.namespace,
    kind: workload.kind,
    image: siteImage(image, site.registry.host),
    version: versionLabel(imageTag(image)),
    replicas,
    command: workload.command,
    args: workload.args,
    env: { ...traceVariables(site, name, workload), ...workload.env, ...difference?.env },
    files: workload.files,
    secretEnv: workload.secretEnv,
    secretFiles: workload.secretFiles,
    init: [...shipperContainer(workload, site), ...initContainers(workload, site)],
    ...(probe !== undefined && { probe }),
    ports: sitePorts(site, name, workload),
    resources: difference?.resources ?? workload.resources,
    antiAffinity: replicated ? workload.antiAffinity : "none",
    claims,
    volumes,
    ...(keeps !== undefined && { keeps }),
    settings,
    patienceSeconds: patienceSeconds({
      kind: workload.kind,
      replicas,
      settings,
      ...(probe !== undefined && { probe }),
    }),
    ...(workload.kind === "CronJob" && { schedule: workload.schedule, timeZone: site.timezone }),
    labels: { ...workload.labels, ...difference?.labels, "app.kubernetes.io/part-of": product },
    nodeSelector,
    tolerates: toleratedTaints(workload, site),
    logs: workloadLogs(workload),
    after: workload.after,
    // A budget on a single Pod would only keep its node from ever being drained.
    ...(replicated && replicas > 1 && { maxUnavailable }),
  };
}

/** What of a workload stays when an earlier release takes its place. */
function keptBy(
  workload: ReleaseWorkload,
  claims: WorkloadBlueprint["claims"],
  volumes: WorkloadBlueprint["volumes"],
): WorkloadBlueprint["keeps"] {
  if (claims.length > 0 || volumes.some(({ source }) => source.kind === "claim")) return "claims";
  return workload.kind === "Job" && workload.migratesData ? "migration" : undefined;
}
