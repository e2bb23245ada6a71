import { ownValue, type Path } from "../path";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { replicasOf } from "../workload/replicas";
import { claimOf, sharedClass } from "../workload/volumes";

/** A claim of the release as this site has it, with its place in the files. */
export interface PlacedClaim {
  /** What it is called in messages. */
  readonly name: string;
  /** File that decides its class. */
  readonly document: "site" | "release";
  /** Where it stands there. */
  readonly path: Path;
  readonly storageClass?: string | undefined;
  readonly sizeGiB: number;
  /** Whether Pods of several nodes mount it. */
  readonly shared: boolean;
  /** How many volumes come of it. */
  readonly count: number;
}

/** Every claim of the release's workloads and of the release itself. */
export function placedClaims(site: Site, release: Release): readonly PlacedClaim[] {
  const own = Object.entries(release.workloads).flatMap(([name, workload]) => {
    const difference = ownValue(site.workloads, name);
    const differences = difference?.storage ?? {};
    const selector = { ...workload.nodeSelector, ...difference?.nodeSelector };
    const place = ["workloads", name];
    const templates = workload.kind === "StatefulSet" ? workload.claims : [];
    return [
      ...templates.map((claim, at) => ({
        ...placed(claim, differences, claim.name, [...place, "claims", at], [...place, "storage"]),
        name: `claim ${claim.name} of workload ${name}`,
        shared: false,
        count: replicasOf(workload, site, difference?.replicas, selector),
      })),
      ...Object.entries(workload.volumes).flatMap(([volume, { claim }]) =>
        claim === undefined
          ? []
          : [
              {
                ...placed(
                  claim,
                  differences,
                  volume,
                  [...place, "volumes", volume, "claim"],
                  [...place, "storage"],
                  claim.shared ? sharedClass(site) : undefined,
                ),
                name: `volume ${volume} of workload ${name}`,
                shared: claim.shared,
                count: 1,
              },
            ],
      ),
    ];
  });
  const shared = Object.entries(release.volumes).map(([name, claim]) => ({
    ...placed(claim, site.volumes, name, ["volumes", name], ["volumes"], sharedClass(site)),
    name: `volume ${name}`,
    shared: true,
    count: 1,
  }));
  return [...own, ...shared];
}

function placed(
  claim: Parameters<typeof claimOf>[0],
  differences: Site["volumes"],
  key: string,
  inRelease: Path,
  inSite: Path,
  fallback?: string,
): Pick<PlacedClaim, "document" | "path" | "storageClass" | "sizeGiB"> {
  const difference = ownValue(differences, key);
  const decided = claimOf(claim, difference, fallback);
  return difference?.storageClass === undefined
    ? { document: "release", path: inRelease, ...decided }
    : { document: "site", path: [...inSite, key], ...decided };
}
