import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { show, siteProblem } from "../problems";
import { isReplicated } from "../workload/replicas";

/** A site changes only workloads that its release has, and only what they have. */
export const workloadDifferences: CrossCheck = {
  reads: [["workloads"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const known = Object.keys(release.workloads);
    return Object.entries(site.workloads).flatMap(([name, difference]) => {
      const path = ["workloads", name];
      if (!Object.hasOwn(release.workloads, name)) {
        const meant = nearest(name, known);
        const next = meant === undefined ? "remove it" : `write ${meant}`;
        const needed = `a workload of release ${release.release}: ${known.join(", ")}`;
        return [siteProblem(path, needed, show(name), next)];
      }
      const workload = release.workloads[name];
      const counted = workload !== undefined && isReplicated(workload);
      return !counted && difference.replicas !== undefined
        ? [
            siteProblem(
              [...path, "replicas"],
              `no number of Pods: a ${workload?.kind} has its own`,
              show(difference.replicas),
              "remove it",
            ),
          ]
        : [];
    });
  },
};
