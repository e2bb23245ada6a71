import type { WorkloadSettings } from "./defaults";
import type { WorkloadBlueprint } from "./workload-types";

/** What Pulumi waits for anything; less would end what ends well today. */
const leastSeconds = 600;

/** For a Pod's volume to come to another node and its image to be pulled. */
const arrivalSeconds = 180;

type Patient = Pick<WorkloadBlueprint, "kind" | "replicas" | "probe"> & {
  readonly settings: Pick<
    WorkloadSettings,
    "activeDeadlineSeconds" | "progressDeadlineSeconds" | "terminationGraceSeconds"
  >;
};

/**
 * Seconds that a deployment waits until a workload is there or gone. Never less than what the workload may take by its
 * own settings: a run that gives up earlier fails while all is going well.
 */
export function patienceSeconds({ kind, replicas, probe, settings }: Patient): number {
  const { activeDeadlineSeconds, progressDeadlineSeconds, terminationGraceSeconds } = settings;
  const startSeconds = (probe?.startup.everySeconds ?? 0) * (probe?.startup.failures ?? 0);
  const turns = Math.max(1, replicas);
  const longest = {
    // Kubernetes itself ends a run that takes longer, and says so.
    Job: activeDeadlineSeconds + terminationGraceSeconds + arrivalSeconds,
    CronJob: terminationGraceSeconds,
    // One that stands still fails by its own deadline, long before.
    Deployment: turns * (progressDeadlineSeconds + terminationGraceSeconds),
    // One Pod after the other, each of which ends before the next one starts.
    StatefulSet: turns * (terminationGraceSeconds + arrivalSeconds + startSeconds),
    DaemonSet: turns * (terminationGraceSeconds + arrivalSeconds + startSeconds),
  }[kind];
  return Math.max(leastSeconds, longest);
}
