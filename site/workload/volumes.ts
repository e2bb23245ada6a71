import { ownValue } from "../path";
import { storageClasses } from "../platform/storage-classes";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import type { ReleaseVolume } from "../schema/workload-volumes";
import type {
  AccessMode,
  ClaimBlueprint,
  SharedVolumeBlueprint,
  VolumeBlueprint,
  VolumeSource,
} from "./pod-types";
import type { VolumeClaimBlueprint } from "./workload-types";

/** Where workloads keep data, decided for a site. */

type Difference = Site["workloads"][string] | undefined;

interface Claim {
  readonly sizeGiB: number;
  readonly storageClass?: string | undefined;
}

interface ClaimDifference {
  readonly sizeGiB?: number | undefined;
  readonly storageClass?: string | undefined;
}

/** Claims that each Pod of a StatefulSet has for itself. */
export function podClaims(
  workload: ReleaseWorkload,
  difference: Difference,
): readonly VolumeClaimBlueprint[] {
  if (workload.kind !== "StatefulSet") return [];
  return workload.claims.map((claim) => ({
    name: claim.name,
    mountPath: claim.mountPath,
    ...claimOf(claim, ownValue(difference?.storage, claim.name)),
  }));
}

/** Volumes of a workload in the order of their names. */
export function workloadVolumes(
  name: string,
  workload: ReleaseWorkload,
  difference: Difference,
  site: Site,
): readonly VolumeBlueprint[] {
  return Object.entries(workload.volumes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([volume, given]) => ({
      name: volume,
      mountPath: given.mountPath,
      // What an image brings is the same for everyone who mounts it.
      readOnly: given.readOnly || given.image !== undefined,
      source: sourceOf(
        ownClaimName(name, volume),
        given,
        ownValue(difference?.storage, volume),
        site,
      ),
    }));
}

/** Volumes of the release that several workloads mount. */
export function sharedVolumes(site: Site, release: Release): readonly SharedVolumeBlueprint[] {
  return Object.entries(release.volumes)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { namespace, ...claim }]) => ({
      name,
      namespace,
      ...claimOf(claim, ownValue(site.volumes, name), sharedClass(site)),
      access: sharedAccess(site),
      labels: { "app.kubernetes.io/part-of": release.product },
    }));
}

/** Name of the PersistentVolumeClaim of a workload's own volume. */
export function ownClaimName(workload: string, volume: string): string {
  return `${workload}-${volume}`;
}

/** Classes of the site that Pods on several nodes mount at once: a shared file system, not a disk of one node. */
export function sharedClasses({
  storage,
  hosts,
}: Pick<Site, "storage" | "hosts">): readonly string[] {
  if (storage === undefined) return [];
  if (storage.kind === "ceph") {
    const { filesystem } = storage.ceph ?? {};
    return filesystem?.enabled === true ? [filesystem.class] : [];
  }
  const volumes = storageClasses(storage).filter(({ serves }) => serves === "volumes");
  const workers = hosts.filter(({ roles }) => roles.includes("worker")).length;
  return storage.kind === "nfs" || workers <= 1 ? volumes.map(({ name }) => name) : [];
}

/** Class of a shared volume for which nobody names one; undefined where the cluster's default class will do. */
export function sharedClass(site: Pick<Site, "storage" | "hosts">): string | undefined {
  const able = sharedClasses(site);
  const usual = site.storage && storageClasses(site.storage).find((one) => one.default)?.name;
  return usual !== undefined && able.includes(usual) ? undefined : able[0];
}

function sourceOf(
  claim: string,
  given: ReleaseVolume,
  difference: ClaimDifference | undefined,
  site: Site,
): VolumeSource {
  if (given.claim !== undefined) {
    const { shared } = given.claim;
    const access = shared ? sharedAccess(site) : "ReadWriteOnce";
    const fallback = shared ? sharedClass(site) : undefined;
    return { kind: "claim", claim, access, ...claimOf(given.claim, difference, fallback) };
  }
  if (given.shared !== undefined) return { kind: "shared", claim: given.shared };
  if (given.nfs !== undefined) return { kind: "nfs", ...given.nfs };
  if (given.hostPath !== undefined) return { kind: "hostPath", ...given.hostPath };
  const memory = given.memory !== undefined;
  const { sizeMiB = 0 } = given.memory ?? given.emptyDir ?? given.image ?? {};
  return { kind: "emptyDir", sizeMiB, memory };
}

/** Folders of the only worker are mounted by all its Pods, though only one node has them. */
function sharedAccess(site: Pick<Site, "storage">): AccessMode {
  return site.storage?.kind === "local" ? "ReadWriteOnce" : "ReadWriteMany";
}

/**
 * A claim with what the site states of it.
 * @param fallback Class where nobody names one. Default: none, which is the cluster's default class.
 */
export function claimOf(
  claim: Claim,
  difference: ClaimDifference | undefined,
  fallback?: string,
): ClaimBlueprint {
  const storageClass = difference?.storageClass ?? claim.storageClass ?? fallback;
  return {
    sizeGiB: difference?.sizeGiB ?? claim.sizeGiB,
    ...(storageClass !== undefined && { storageClass }),
  };
}
