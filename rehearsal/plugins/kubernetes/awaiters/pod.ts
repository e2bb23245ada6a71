import {
  type KubeObject,
  nameOf,
  namespaceOf,
  pluck,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import { type Awaiter, READY, type Verdict, waiting } from "./verdict";

/** Pods are ready when they run and say so, or have succeeded. */
export const podAwaiter: Awaiter = {
  related: [],
  judgesRead: true,
  judge: ({ object }) => judgePod(object),
};

/** Whether a pod is scheduled, initialised and ready, in this order. */
export function judgePod(pod: KubeObject): Verdict {
  const name = shownName(pod);
  const conditions = new Map(
    pluckMaps(pod, "status", "conditions").map((condition) => [
      pluckString(condition, "type"),
      condition,
    ]),
  );
  const scheduled = conditions.get("PodScheduled");
  if (pluckString(scheduled, "status") !== "True") {
    const message = pluckString(scheduled, "message");
    return waiting(
      `Waiting for Pod "${name}" to be scheduled`,
      message === "" ? [] : [`[Pod ${name}]: ${message}`],
    );
  }
  for (const [type, doing] of [
    ["Initialized", "initialized"],
    ["Ready", "ready"],
  ] as const) {
    const condition = conditions.get(type);
    if (pluckString(condition, "status") === "True") continue;
    if (type === "Ready" && pluckString(pod, "status", "phase") === "Succeeded") continue;
    const progress = `Waiting for Pod "${name}" to be ${doing}`;
    return waiting(progress, condition === undefined ? [] : podProblems(name, condition, pod));
  }
  return READY;
}

/** What keeps pods from being ready, by pod. */
export function podReasons(pods: KubeObject[]): string[] {
  return pods.flatMap((pod) => judgePod(pod).reasons);
}

function podProblems(name: string, condition: KubeObject, pod: KubeObject): string[] {
  const containers = [
    ...pluckMaps(pod, "status", "initContainerStatuses"),
    ...pluckMaps(pod, "status", "containerStatuses"),
  ];
  const faults = containers.flatMap(containerProblems);
  const message = pluckString(condition, "reason") === "" ? "" : pluckString(condition, "message");
  if (faults.length === 0 && message === "") return [];
  return [`[Pod ${name}]: ${[message, ...faults].filter((part) => part !== "").join("\n")}`];
}

function containerProblems(status: KubeObject): string[] {
  if (pluck(status, "ready") === true) return [];
  const name = pluckString(status, "name");
  const problems: string[] = [];
  const reason = pluckString(status, "state", "waiting", "reason");
  if (reason !== "" && reason !== "ContainerCreating" && reason !== "PodInitializing") {
    problems.push(`[${reason}] ${pullMessage(pluckString(status, "state", "waiting", "message"))}`);
  }
  const ended = pluck(status, "state", "terminated");
  const exitCode = pluckNumber(ended, "exitCode") ?? 0;
  if (pluckString(ended, "reason") !== "" && exitCode !== 0) {
    const message = pluckString(ended, "message");
    problems.push(
      message === ""
        ? `container "${name}" completed with exit code ${exitCode}`
        : `[${pluckString(ended, "reason")}] ${pullMessage(message)}`,
    );
  }
  const last = pluck(status, "lastState", "terminated");
  if (last !== undefined) {
    const at = pluckString(last, "finishedAt");
    problems.push(
      `container "${name}" terminated at ${at} (${pluckString(last, "reason")}: exit code ${pluckNumber(last, "exitCode") ?? 0})`,
    );
  }
  return problems;
}

/** What a container runtime says around the one thing that matters, taken off. */
function pullMessage(message: string): string {
  return message
    .replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "")
    .replace(/: manifest unknown$/, "");
}

/** The name, with the namespace unless it is "default". */
export function shownName(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" || namespace === "default"
    ? nameOf(object)
    : `${namespace}/${nameOf(object)}`;
}
