import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue } from "../path";
import { storageClasses } from "../platform/storage-classes";
import { storageRoom } from "../platform/storage-room";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import { replicasOf } from "../workload/replicas";
import { ownClaimName, sharedClasses } from "../workload/volumes";
import { placedClaims } from "./claims";
import { claimNames, mountsOnce } from "./mounts";
import { unknownNamespace } from "./release";
import { unknownNames } from "./unknown-names";

/** Rules over the volumes of workloads. */

type Volumes = Release["workloads"][string]["volumes"];

function eachVolume(
  release: Release | undefined,
  find: (
    volume: Volumes[string],
    path: readonly string[],
    workload: Release["workloads"][string],
    release: Release,
  ) => readonly Problem[],
): readonly Problem[] {
  if (release === undefined) return [];
  return Object.entries(release.workloads).flatMap(([name, workload]) =>
    Object.entries(workload.volumes).flatMap(([key, volume]) =>
      find(volume, ["workloads", name, "volumes", key], workload, release),
    ),
  );
}

/** Volumes of the release live in its namespaces, and workloads mount those of their own. */
const sharedVolumesKnown: CrossCheck = {
  reads: [],
  find: ({ release }) => [
    ...Object.entries(release?.volumes ?? {}).flatMap(([name, { namespace }]) =>
      release === undefined
        ? []
        : unknownNamespace(release, namespace, ["volumes", name, "namespace"]),
    ),
    ...eachVolume(release, ({ shared }, path, workload, { volumes }) => {
      if (shared === undefined) return [];
      const where = [...path, "shared"];
      const known = Object.keys(volumes);
      const volume = ownValue(volumes, shared);
      if (volume === undefined) {
        const next = writeNearest(shared, known, `add volumes.${shared}`);
        const needed = `one of the release's volumes: ${known.join(", ") || "it has none"}`;
        return [problem("release", where, needed, show(shared), next)];
      }
      if (volume.namespace === workload.namespace) return [];
      const needed = `a volume of namespace ${workload.namespace}`;
      return [problem("release", where, needed, `${shared}, which is in ${volume.namespace}`)];
    }),
  ],
};

/** Two claims of one name in a namespace would be one volume. */
const distinctClaims: CrossCheck = {
  reads: [],
  find: ({ release }) => {
    const taken = new Map<string, string>();
    const take = (namespace: string, claim: string, path: readonly string[]) => {
      const key = `${namespace}/${claim}`;
      const other = taken.get(key);
      taken.set(key, path.join("."));
      const needed = `a name whose claim, ${claim}, is not also that of ${other}`;
      return other === undefined ? [] : [problem("release", path, needed, claim)];
    };
    return [
      ...Object.entries(release?.volumes ?? {}).flatMap(([name, { namespace }]) =>
        take(namespace, name, ["volumes", name]),
      ),
      ...eachVolume(release, ({ claim }, path, { namespace }) =>
        claim === undefined
          ? []
          : take(namespace, ownClaimName(path[1] ?? "", path[3] ?? ""), path),
      ),
    ];
  },
};

/** What several Pods mount is a claim that several Pods can mount. */
const claimsOfSeveral: CrossCheck = {
  reads: [["hosts"], ["workloads"]],
  find: ({ site, release }) =>
    eachVolume(release, ({ claim }, path, workload) => {
      const name = path[1] ?? "";
      if (claim === undefined || claim.shared) return [];
      const difference = ownValue(site.workloads, name);
      const selector = { ...workload.nodeSelector, ...difference?.nodeSelector };
      const pods = replicasOf(workload, site, difference?.replicas, selector);
      if (pods <= 1) return [];
      const needed = `true: ${pods} Pods of ${name} mount it, on several nodes`;
      const next =
        workload.kind === "StatefulSet"
          ? "set it, or use `claims`, of which each Pod has its own"
          : "set it, or run a single Pod";
      return [problem("release", [...path, "claim", "shared"], needed, "false", next)];
    }),
};

/** A volume for Pods of several nodes is of a class that can do that. */
const sharedClass: CrossCheck = {
  reads: [["storage"], ["hosts"], ["workloads"], ["volumes"], ["release"]],
  find: ({ site, release }) => {
    if (release === undefined || site.storage === undefined) return [];
    const able = sharedClasses(site);
    const classes = storageClasses(site.storage);
    return placedClaims(site, release).flatMap(({ name, shared, document, path, ...claim }) => {
      const given = claim.storageClass ?? classes.find((one) => one.default)?.name;
      const known = classes.some((one) => one.name === given && one.serves === "volumes");
      if (!shared || given === undefined || !known || able.includes(given)) return [];
      const needed =
        able.length === 0
          ? "storage that Pods of several nodes mount at once, which the site has not"
          : `a class that Pods of several nodes mount at once: ${able.join(", ")}`;
      const next =
        able.length === 0
          ? "use storage.kind nfs or ceph with its file system"
          : `name it here, or at this site alone under ${document === "site" ? "this key" : siteKey(path)}`;
      return [problem(document, [...path, "storageClass"], needed, `${given} for ${name}`, next)];
    });
  },
};

function siteKey(path: readonly (string | number)[]): string {
  const [kind = "", name = "", , volume = ""] = path;
  return kind === "volumes" ? `volumes.${name}` : `workloads.${name}.storage.${volume}`;
}

/** Folders of nodes are mounted only where the site allows it. */
const hostPathsAllowed: CrossCheck = {
  reads: [["hostPaths"], ["release"]],
  find: ({ site, release }) => {
    const wanted = new Map<string, string>();
    eachVolume(release, ({ hostPath }, [, workload = ""]) => {
      if (hostPath !== undefined && !wanted.has(hostPath.path)) wanted.set(hostPath.path, workload);
      return [];
    });
    return [...wanted]
      .filter(([path]) => !site.hostPaths.some((one) => path === one || path.startsWith(`${one}/`)))
      .map(([path, workload]) =>
        siteProblem(
          ["hostPaths"],
          `${path} or a folder above it, which workload ${workload} mounts from its nodes`,
          site.hostPaths.join(", ") || "none",
          `add ${path} if the site's owner agrees`,
        ),
      );
  },
};

/** A site changes only claims that its release has. */
const knownDifferences: CrossCheck = {
  reads: [["workloads"], ["volumes"], ["release"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const own = Object.entries(site.workloads).flatMap(([name, { storage }]) => {
      const workload = ownValue(release.workloads, name);
      if (workload === undefined) return [];
      const claims = workload.kind === "StatefulSet" ? workload.claims : [];
      const volumes = Object.entries(workload.volumes).filter(([, { claim }]) => claim);
      const known = [...claims.map((claim) => claim.name), ...volumes.map(([volume]) => volume)];
      return unknownNames(
        storage,
        known,
        ["workloads", name, "storage"],
        `a claim of workload ${name}`,
      );
    });
    const shared = unknownNames(
      site.volumes,
      Object.keys(release.volumes),
      ["volumes"],
      `a volume of release ${release.release}`,
    );
    return [...own, ...shared];
  },
};

/** All claims together fit into what the site's storage can hold. */
const storageRoomForClaims: CrossCheck = {
  reads: [["storage"], ["hosts"], ["workloads"], ["volumes"], ["release"]],
  find: ({ site, release }) => {
    const room = storageRoom(site);
    if (room === undefined || release === undefined || site.storage === undefined) return [];
    const fallback = storageClasses(site.storage).find((one) => one.default)?.name;
    const claims = placedClaims(site, release).filter(({ storageClass = fallback }) =>
      room.classes.includes(storageClass ?? ""),
    );
    const wantedGiB = claims.reduce((sum, { sizeGiB, count }) => sum + sizeGiB * count, 0);
    if (wantedGiB <= room.usableGiB) return [];
    const largest = claims.toSorted(
      (one, other) => other.sizeGiB * other.count - one.sizeGiB * one.count,
    );
    const names = largest
      .slice(0, 3)
      .map(({ name, sizeGiB, count }) => `${name} ${count > 1 ? `${count} × ` : ""}${sizeGiB}`);
    const needed = `room for ${wantedGiB} GiB that the release claims: ${names.join(", ")}${claims.length > 3 ? ", …" : ""}`;
    const given = `${room.usableGiB} GiB, ${room.because}`;
    const next = "add disks, or state smaller sizes under workloads.<name>.storage and volumes";
    return [siteProblem(["storage", room.key], needed, given, next)];
  },
};

export const volumeChecks: readonly CrossCheck[] = [
  mountsOnce,
  claimNames,
  sharedVolumesKnown,
  distinctClaims,
  claimsOfSeveral,
  sharedClass,
  hostPathsAllowed,
  knownDifferences,
  storageRoomForClaims,
];
