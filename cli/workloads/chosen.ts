import type { LoadedSite } from "../../site/load";
import { nearest } from "../../site/nearest";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import type { PodObject } from "./objects";
import type { Wanted } from "./status";

/** Whose Pods a command is about. */
export interface Asked {
  readonly site: string;
  /** Its name is the label of everything that the release brings. */
  readonly product: string;
  readonly workload: Pick<Wanted, "name" | "namespace">;
}

/** A workload of the site by its name; one that the release does not have is refused. */
export function workloadOf({ blueprint }: Pick<LoadedSite, "blueprint">, name: string): Wanted {
  const found = blueprint.workloads.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = blueprint.workloads.map((one) => one.name);
  const meant = nearest(name, names);
  throw new RunError(`release ${blueprint.release} has no workload ${JSON.stringify(name)}`, {
    nextStep:
      meant === undefined ? `its workloads are ${names.join(", ")}` : `did you mean ${meant}?`,
    exitCode: exitCodes.usage,
  });
}

/** The Pods of a workload and of its canary, the oldest first, or the one of a name. */
export function podsOf(
  { site, workload: { name, namespace } }: Asked,
  pods: readonly PodObject[],
  only?: string,
): readonly PodObject[] {
  const begun = ({ metadata }: PodObject) => Date.parse(metadata.creationTimestamp ?? "") || 0;
  const own = pods
    .filter(
      ({ metadata }) =>
        metadata.namespace === namespace && metadata.labels["app.kubernetes.io/name"] === name,
    )
    .sort(
      (one, other) =>
        begun(one) - begun(other) || (one.metadata.name < other.metadata.name ? -1 : 1),
    );
  if (own.length === 0) {
    throw new RunError(`${namespace}/${name} has no Pods now`, {
      nextStep: `see why: ./sitewright workloads ${site}`,
      exitCode: exitCodes.remote,
    });
  }
  if (only === undefined) return own;
  const found = own.filter(({ metadata }) => metadata.name === only);
  if (found.length > 0) return found;
  throw new RunError(`${namespace}/${name} has no Pod ${JSON.stringify(only)}`, {
    nextStep: `its Pods are ${own.map(({ metadata }) => metadata.name).join(", ")}`,
    exitCode: exitCodes.usage,
  });
}

/** A container by its name; by default the workload's own, beside which a proxy may stand. */
export function containerOf(
  { metadata, spec }: PodObject,
  workload: string,
  name?: string,
): string {
  const all = [...spec.containers, ...spec.initContainers].map((one) => one.name);
  if (name === undefined) return all.includes(workload) ? workload : (all[0] ?? workload);
  if (all.includes(name)) return name;
  throw new RunError(`Pod ${metadata.name} has no container ${JSON.stringify(name)}`, {
    nextStep: `its containers are ${all.join(", ")}`,
    exitCode: exitCodes.usage,
  });
}
