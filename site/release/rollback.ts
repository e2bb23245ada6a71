import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import { releaseSecrets } from "../workload/secrets";
import type { WorkloadBlueprint } from "../workload/workload-types";
import { siteWorkloads } from "../workload/workloads";

/** Something that a newer release leaves behind when a site goes back to an older one. */
export interface NotUndone {
  /** `namespace/name` of a workload, or names of secrets. */
  readonly what: string;
  /** What becomes of it; reads on from `what`. */
  readonly stays: string;
}

/** All that going back from a newer release to an older one does not undo at a site, by name. */
export function notUndone(site: Site, newer: Release, older: Release): readonly NotUndone[] {
  const workloads = [...siteWorkloads(site, newer)]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((workload) => {
      const stays = stayingOf(workload, newer, older);
      return stays === undefined ? [] : [{ what: `${workload.namespace}/${workload.name}`, stays }];
    });
  return [...workloads, ...secretsOf(site, newer, older)];
}

function stayingOf(
  { name, keeps }: WorkloadBlueprint,
  newer: Release,
  older: Release,
): string | undefined {
  if (keeps === "migration") return "what it migrated stays migrated";
  if (keeps === undefined) return undefined;
  return Object.hasOwn(older.workloads, name)
    ? `its volumes stay as ${newer.release} left them`
    : "it goes, its volumes stay";
}

/** Random values are made once, and kept as long as a release names them. */
function secretsOf(site: Site, newer: Release, older: Release): readonly NotUndone[] {
  const random = releaseSecrets(site, newer).filter(({ length }) => length !== undefined);
  const names = (staying: boolean) =>
    random
      .map(({ name }) => name)
      .filter((name) => Object.hasOwn(older.secrets, name) === staying)
      .join(", ");
  return [
    { what: names(true), stays: "keep the values that were made at random" },
    { what: names(false), stays: `are forgotten; ${newer.release} would get other values` },
  ]
    .filter(({ what }) => what !== "")
    .map(({ what, stays }) => ({ what: `secrets ${what}`, stays }));
}
