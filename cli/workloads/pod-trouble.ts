import { type ContainerStatus, type EventObject, holding, type PodObject } from "./objects";

/** Where a person looks next; said in words by the report. */
export type NextLook = "deploy" | "image" | "logs" | "previous-logs" | "room" | "wait";

/** Why a Pod, or what starts it, is not as it should be: in the cluster's own words where it has any. */
export interface Trouble {
  readonly why: string;
  readonly look: NextLook;
  /** Pods that this is said of; none where it is the workload's own. */
  readonly pods: readonly string[];
}

/** A Pod that runs, is ready and is not about to end. */
export function isReady({ metadata, status }: PodObject): boolean {
  return !metadata.deletionTimestamp && holding(status.conditions, "Ready") !== undefined;
}

/** A Pod that has come to its end and only keeps its output. */
export function isOver({ status: { phase } }: PodObject): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** What keeps a Pod from being ready; undefined when nothing does, or when it is being ended anyway. */
export function podTrouble(pod: PodObject, warnings: readonly EventObject[]): Trouble | undefined {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp || status.phase === "Succeeded" || isReady(pod)) return undefined;
  const said = (why: string, look: NextLook): Trouble => ({ why, look, pods: [metadata.name] });
  const unplaced = holding(status.conditions, "PodScheduled", "False");
  if (unplaced !== undefined) {
    return said(sentence(unplaced.reason || "Unschedulable", unplaced.message), "room");
  }
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  for (const container of containers) {
    const trouble = containerTrouble(container);
    if (trouble !== undefined) return said(trouble.why, trouble.look);
  }
  // Such as Evicted: none of its containers has a word of its own.
  if (status.phase === "Failed")
    return said(sentence(status.reason || "Failed", status.message), "logs");
  // A volume that does not come or a probe that does not answer is told in events alone.
  const warning = latestWarning(warnings, metadata.name);
  if (warning !== undefined) return said(warning, "logs");
  const waiting = containers.find(({ state }) => state.running === undefined);
  if (waiting !== undefined || containers.length === 0)
    return said(`starting on ${pod.spec.nodeName || "its node"}`, "wait");
  const unready = status.containerStatuses.find(({ ready }) => !ready)?.name;
  return said(
    unready === undefined ? "runs, but is not ready" : `${unready} runs, but is not ready`,
    "logs",
  );
}

/** The newest warning about an object of a name, or about one whose name begins so. */
export function latestWarning(warnings: readonly EventObject[], name: string): string | undefined {
  const when = ({ lastTimestamp, eventTime }: EventObject) =>
    Date.parse(lastTimestamp ?? eventTime ?? "") || 0;
  const own = warnings.filter(({ involvedObject }) => involvedObject.name === name);
  const [newest] = [...own].sort((one, other) => when(other) - when(one));
  return newest && sentence(newest.reason ?? "", newest.message ?? "");
}

/** Waiting for these is how every Pod begins. */
const beginnings = ["ContainerCreating", "PodInitializing", ""];

function containerTrouble({
  name,
  state,
  lastState,
  restartCount,
}: ContainerStatus): Pick<Trouble, "why" | "look"> | undefined {
  const { waiting, terminated } = state;
  if (waiting !== undefined && !beginnings.includes(waiting.reason)) {
    if (/image/i.test(waiting.reason)) {
      return { why: sentence(waiting.reason, waiting.message), look: "image" };
    }
    const before = lastState.terminated;
    const end =
      before === undefined
        ? waiting.message
        : `${name} ended with ${endOf(before)}, ${times(restartCount)}`;
    return {
      why: sentence(waiting.reason, end),
      look: restartCount > 0 ? "previous-logs" : "logs",
    };
  }
  if (terminated !== undefined && terminated.exitCode !== 0) {
    return { why: `${name} ended with ${endOf(terminated)}`, look: "logs" };
  }
  return undefined;
}

function endOf({
  exitCode,
  reason,
}: {
  readonly exitCode: number;
  readonly reason: string;
}): string {
  return reason === "" || reason === "Error" ? String(exitCode) : `${exitCode} (${reason})`;
}

function times(restarts: number): string {
  return restarts === 1 ? "restarted once" : `restarted ${restarts} times`;
}

function sentence(reason: string, message: string): string {
  return [reason, message.trim()].filter((part) => part !== "").join(": ");
}
