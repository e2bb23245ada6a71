import { type ControllerObject, holding, type Kind } from "./objects";
import type { NextLook } from "./pod-trouble";

/** How far what starts a workload's Pods has come, by its own counts. */
export interface Progress {
  /** Pods that the cluster was told to run. */
  readonly told: number;
  readonly ready: number;
  /** Why it is not done; absent when it is. */
  readonly undone?: { readonly why: string; readonly look: NextLook };
}

/** Reads the counts and conditions of a kind's own status. */
export function progressOf(
  kind: Kind,
  object: ControllerObject,
  jobs: readonly ControllerObject[],
): Progress {
  if (kind === "CronJob") return cronJob(object, jobs);
  if (kind === "Job") return job(object);
  const { spec, status, metadata } = object;
  const daemons = kind === "DaemonSet";
  const told = daemons ? status.desiredNumberScheduled : (spec.replicas ?? 1);
  const updated = daemons ? status.updatedNumberScheduled : status.updatedReplicas;
  const ready = daemons ? status.numberReady : status.readyReplicas;
  const undone = (why: string, look: NextLook) => ({ told, ready, undone: { why, look } });
  const refused = holding(status.conditions, "ReplicaFailure");
  if (refused !== undefined) return undone(`${refused.reason}: ${refused.message}`, "room");
  const late = holding(status.conditions, "Progressing", "False");
  if (late !== undefined) return undone(`${late.reason}: ${late.message}`, "logs");
  if (status.observedGeneration < metadata.generation) {
    return undone("the last change is not taken up yet", "wait");
  }
  if (updated < told)
    return undone(`${updated} of ${told} Pods are made as last asked for`, "wait");
  if (ready < told) return undone(`${ready} of ${told} Pods are ready`, "wait");
  // Of a Deployment: Pods of before that are still to go.
  if (!daemons && status.replicas > told)
    return undone(`${status.replicas - told} Pods more than wanted are still there`, "wait");
  return { told, ready };
}

/** When a CronJob ran. */
export interface Runs {
  readonly lastRun?: string;
  readonly lastSuccess?: string;
  /** Runs that are going on. */
  readonly active: number;
  readonly suspended: boolean;
}

/** When a CronJob last ran and last ended well. */
export function runsOf({ spec, status }: ControllerObject): Runs {
  const { lastScheduleTime, lastSuccessfulTime, active } = status;
  return {
    ...(lastScheduleTime && { lastRun: lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccess: lastSuccessfulTime }),
    active: Array.isArray(active) ? active.length : 0,
    suspended: spec.suspend,
  };
}

/** The Jobs that a CronJob started, newest first. */
export function jobsOf(
  cronJob: ControllerObject,
  jobs: readonly ControllerObject[],
): readonly ControllerObject[] {
  const begun = (one: ControllerObject) => Date.parse(one.metadata.creationTimestamp ?? "") || 0;
  return jobs
    .filter(
      ({ metadata }) =>
        metadata.namespace === cronJob.metadata.namespace &&
        metadata.ownerReferences.some(
          ({ kind, name }) => kind === "CronJob" && name === cronJob.metadata.name,
        ),
    )
    .sort((one, other) => begun(other) - begun(one));
}

/** A CronJob is as it should be until the last of its runs that ended has failed. */
function cronJob(object: ControllerObject, jobs: readonly ControllerObject[]): Progress {
  const ended = jobsOf(object, jobs)
    .map(job)
    .find(({ undone }) => undone?.look !== "wait");
  return { told: 0, ready: 0, ...(ended?.undone && { undone: ended.undone }) };
}

function job({ spec, status }: ControllerObject): Progress {
  const told = spec.completions ?? 1;
  const ready = status.succeeded;
  const undone = (why: string, look: NextLook) => ({ told, ready, undone: { why, look } });
  const failed = holding(status.conditions, "Failed");
  if (failed !== undefined)
    return undone(`${failed.reason || "Failed"}: ${failed.message}`, "logs");
  if (holding(status.conditions, "Complete") !== undefined) return { told, ready };
  if (spec.suspend) return undone("the Job is suspended", "deploy");
  const tries = status.failed === 0 ? "" : `, ${status.failed} tries failed`;
  return undone(`not done yet: ${ready} of ${told} Pods have ended well${tries}`, "wait");
}
