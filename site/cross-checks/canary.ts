import { eligibleHosts } from "../capacity";
import type { CrossCheck } from "../check-input";
import { ownValue } from "../path";
import { inSidecarMesh } from "../platform/mesh-members";
import { workloadRoutes } from "../platform/routes";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { Canary, CanaryWeight } from "../schema/canary";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { canaryName, canaryReplicas, canaryWeight } from "../workload/canary";
import { replicasOf } from "../workload/replicas";
import { releasedCanary, speaksHttp } from "../workload/traffic";

/** Rules over canaries. */

const reads = [["workloads"], ["mesh"], ["ingress"], ["hosts"]];

interface Known {
  readonly name: string;
  readonly workload: ReleaseWorkload;
  readonly site: Site;
  readonly release: Release;
  readonly canary: Canary;
  readonly weight: CanaryWeight;
}

function eachCanary(find: (known: Known) => readonly Problem[]): CrossCheck {
  return {
    reads,
    find: ({ site, release }) =>
      Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
        const canary = releasedCanary(workload);
        const weight = canaryWeight(site, name, workload);
        if (release === undefined || canary === undefined || weight === undefined) return [];
        return find({ name, workload, site, release, canary, weight });
      }),
  };
}

/** A problem of a canary that is on, in the file that turned it on. */
function whereOn({ name, site }: Known, needed: string, given: string, next?: string): Problem {
  const path = ["workloads", name, "canary", "weight"];
  const fromSite = ownValue(site.workloads, name)?.canary?.weight !== undefined;
  const off = `state workloads.${name}.canary.weight: abort in the site`;
  return fromSite
    ? siteProblem(path, needed, given, next)
    : problem("release", path, needed, given, next === undefined ? off : `${next}, or ${off}`);
}

/** A site speaks of canaries that its release knows. */
const known: CrossCheck = {
  reads,
  find: ({ site, release }) =>
    Object.entries(site.workloads).flatMap(([name, { canary }]) => {
      const workload = release?.workloads[name];
      if (canary === undefined || workload === undefined || releasedCanary(workload)) return [];
      const needed = "a workload whose release states a canary with its image";
      const next = `add workloads.${name}.canary.image to the release, or remove it here`;
      return [siteProblem(["workloads", name, "canary"], needed, "none", next)];
    }),
};

/** Canaries are of Deployments that are called, with an image and a name of their own. */
const sound = eachCanary(({ name, workload, release, canary }) => {
  const path = ["workloads", name, "canary"];
  const wrong = (needed: string, given: string, at: readonly string[] = []) =>
    problem("release", [...path, ...at], needed, given);
  const second = canaryName(name);
  const bound = Object.entries(workload.volumes)
    .filter(([, { claim }]) => claim?.shared === false)
    .map(([volume]) => volume);
  const headers = Object.keys(canary.headers ?? {}).length > 0;
  return [
    ...(workload.kind === "Deployment"
      ? []
      : [wrong("a Deployment: only its Pods can be of two images at once", workload.kind)]),
    ...(workload.ports.length > 0
      ? []
      : [
          wrong("a workload with ports: a canary gets a part of what its Service is asked", "none"),
        ]),
    ...bound.map((volume) =>
      wrong(`no volume ${volume} that one node mounts: Pods of two images may be on two`, "one"),
    ),
    ...(canary.image === workload.image
      ? [wrong("an image other than the workload's", show(canary.image), ["image"])]
      : []),
    ...(Object.hasOwn(release.workloads, second)
      ? [wrong(`no workload ${second}: the canary's Deployment has that name`, "one")]
      : []),
    ...(headers && workload.ports.length > 0 && !workload.ports.some(speaksHttp)
      ? [wrong("a port on which proxies see headers: http, http2 or grpc", "none", ["headers"])]
      : []),
  ];
});

/** Somebody shares requests out between the two: the mesh's proxies, and nobody else. */
const shared = eachCanary((canary) => {
  const { name, workload, site, release, weight } = canary;
  if (typeof weight !== "number" || workload.ports.length === 0) return [];
  if (!inSidecarMesh(site, release, name, workload)) {
    const needed = "proxies that share requests out: the workload in a mesh with mode sidecar";
    const given =
      site.mesh === undefined
        ? "no mesh"
        : site.mesh.mode === "ambient"
          ? "mode ambient"
          : "not in it";
    return [whereOn(canary, needed, given)];
  }
  const handedOver = workloadRoutes(site, release.product, name, workload).filter(
    ({ via }) => via === "standby",
  );
  if (handedOver.length === 0) return [];
  const names = handedOver.map((route) => route.name.slice(name.length + 1)).join(", ");
  const needed = "the gateway to serve it: the standby asks all Pods alike, whatever the weight";
  return [whereOn(canary, needed, `port ${names} via standby`, "let the gateway serve it")];
});

/** Where each Pod needs a host of its own, so does each of the canary's. */
const hosts = eachCanary((canary) => {
  const { name, workload, site, weight } = canary;
  if (typeof weight !== "number" || workload.kind !== "Deployment") return [];
  if (workload.antiAffinity !== "required") return [];
  const own = ownValue(site.workloads, name);
  const nodeSelector = { ...workload.nodeSelector, ...own?.nodeSelector };
  const replicas = replicasOf(workload, site, own?.replicas, nodeSelector);
  const stated = { replicas: own?.canary?.replicas ?? canary.canary.replicas };
  const more = canaryReplicas(stated, weight, replicas);
  const nodes = eligibleHosts(site, nodeSelector).length;
  if (replicas + more <= nodes) return [];
  const needed = `a host for each Pod, the canary's included: ${replicas} and ${more}`;
  return [whereOn(canary, needed, `${nodes} that may run them`, "add hosts or lower replicas")];
});

/** Every rule over `canary`. */
export const canaryChecks: readonly CrossCheck[] = [known, sound, shared, hosts];
