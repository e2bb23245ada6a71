import type { CrossCheck } from "../check-input";
import { knownKeys } from "../known-keys";
import { writeNearest } from "../nearest";
import { show, siteProblem } from "../problems";
import { isPlainObject } from "../release/layers";
import { workloadSchema } from "../schema/workload";
import { type WorkloadKind, workloadKinds } from "../workload/kinds";

/** A site changes only workloads that its release has, and only what they have. */
export const workloadDifferences: CrossCheck = {
  reads: [["workloads"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const known = Object.keys(release.workloads);
    return Object.entries(site.workloads).flatMap(([name, difference]) => {
      const path = ["workloads", name];
      if (!Object.hasOwn(release.workloads, name)) {
        const next = writeNearest(name, known, "remove it");
        const needed = `a workload of release ${release.release}: ${known.join(", ")}`;
        return [siteProblem(path, needed, show(name), next)];
      }
      const kind = release.workloads[name]?.kind;
      return Object.entries(difference)
        .filter(([key, value]) => isStated(value) && !fits(key, kind))
        .map(([key, value]) =>
          siteProblem(
            [...path, key],
            `nothing: a ${kind} has no ${key}, only a ${kindsWith(key).join(" or ")} has`,
            show(value),
            "remove it",
          ),
        );
    });
  },
};

/** Keys of a site that say of a workload what no release says under the same name. */
function fits(key: string, kind: string | undefined): boolean {
  const kinds = kindsWith(key);
  return kinds.length === 0 || kinds.some((one) => one === kind);
}

/** Kinds that a key of a release's workload belongs to; none where releases have no such key. */
function kindsWith(key: string): readonly WorkloadKind[] {
  return workloadKinds.filter((kind) => knownKeys(workloadSchema, [], { kind }).includes(key));
}

/** Objects that nothing was written into are there by default. */
function isStated(value: unknown): boolean {
  return value !== undefined && !(isPlainObject(value) && Object.keys(value).length === 0);
}
