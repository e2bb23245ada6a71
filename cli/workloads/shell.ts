import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import type { ApiAccess } from "../step/api-client";
import { type Asked, containerOf, podsOf } from "./chosen";
import { type ExecStreams, exec } from "./exec";
import type { PodObject } from "./objects";
import { isReady } from "./pod-trouble";
import { readPods } from "./read";

export interface ShellOptions {
  /** Default: a Pod that is ready, else one that runs. */
  readonly pod?: string;
  /** Default: the workload's own container. */
  readonly container?: string;
  /** Program and its words. Default: the best shell that the image has. */
  readonly command: readonly string[];
}

const anyShell = ["sh", "-c", "if command -v bash >/dev/null; then exec bash; else exec sh; fi"];

/** Runs a command, or a shell, in one of a workload's Pods; returns the command's exit code. */
export async function enterPod(
  access: ApiAccess,
  asked: Asked,
  options: ShellOptions,
  streams: ExecStreams,
  say: (line: string) => void,
): Promise<number> {
  const { site, product, workload } = asked;
  const all = await readPods(access, product, workload.namespace);
  const pod = runningPod(podsOf(asked, all, options.pod), asked);
  const container = containerOf(pod, workload.name, options.container);
  const { name, namespace } = pod.metadata;
  const command = options.command.length > 0 ? options.command : anyShell;
  if (streams.tty) say(`${container} of ${name} on ${pod.spec.nodeName}`);
  const question = { site, namespace, pod: name, container, node: pod.spec.nodeName };
  return await exec(access, question, command, streams);
}

function runningPod(pods: readonly PodObject[], { site, workload }: Asked): PodObject {
  const running = pods.filter(({ status }) => status.phase === "Running");
  const found = running.find(isReady) ?? running[0];
  if (found !== undefined) return found;
  const states = pods.map(({ metadata, status }) => `${metadata.name} ${status.phase}`);
  throw new RunError(`no Pod of ${workload.name} runs: ${states.join(", ")}`, {
    nextStep: `see why: ./sitewright workloads ${site}`,
    exitCode: exitCodes.remote,
  });
}
