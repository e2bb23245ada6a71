import { RunError } from "../../site/run-error";
import { LineSplitter } from "../../ssh/line-splitter";
import { exitCodes } from "../exit-codes";
import type { Io } from "../io";
import type { ApiAccess } from "../step/api-client";
import { painter, type Screen } from "../view/colours";
import { type Asked, containerOf, podsOf } from "./chosen";
import { fromNode, type NodeQuestion } from "./from-node";
import type { PodObject } from "./objects";
import { readPods, statusMessage } from "./read";
import { streamAnswer } from "./stream";

export interface LogsOptions {
  /** Name of the one Pod to read. Default: all of the workload. */
  readonly pod?: string;
  /** Default: the workload's own container. */
  readonly container?: string;
  /** What the container that ran before the last restart said. */
  readonly previous: boolean;
  /** Only lines so young. Default: all. */
  readonly sinceSeconds?: number;
  /** Lines of each Pod; undefined for all that the node keeps. */
  readonly tailLines: number | undefined;
  /** Goes on with what comes. */
  readonly follow: boolean;
}

/** Pods that are followed at the same time, each on a connection of its own. */
const mostFollowed = 20;

/**
 * Prints what the Pods of a workload say, each line behind its Pod's name where there are several.
 * @throws RunError when there is no such Pod or container, or when what one of them said cannot be had.
 */
export async function printLogs(
  access: ApiAccess,
  asked: Asked,
  options: LogsOptions,
  io: Pick<Io, "stdout" | "env">,
): Promise<void> {
  const all = await readPods(access, asked.product, asked.workload.namespace);
  const pods = podsOf(asked, all, options.pod);
  const questions = pods.map((pod) => questionOf(pod, asked, options));
  if (options.follow && pods.length > mostFollowed) {
    throw new RunError(`${pods.length} Pods are more than can be followed at once`, {
      nextStep: `follow one: --pod ${pods[0]?.metadata.name}`,
      exitCode: exitCodes.usage,
    });
  }
  const print = (question: NodeQuestion) => {
    const paint = painter(io.stdout, io.env);
    const prefix = pods.length === 1 ? "" : `${paint("dim", `${question.pod} |`)} `;
    return printLog(access, question, options, (line) =>
      io.stdout.write(`${prefix}${shown(line, io.stdout)}\n`),
    );
  };
  const faults: RunError[] = [];
  const keep = (error: unknown) => {
    if (!(error instanceof RunError)) throw error;
    faults.push(error);
  };
  if (options.follow) {
    await Promise.all(questions.map((question) => print(question).catch(keep)));
  } else {
    // One after the other: lines of one Pod stay together, and memory holds none of them.
    for (const question of questions) await print(question).catch(keep);
  }
  const [fault] = faults;
  if (fault !== undefined) throw severalFaults(fault, faults.length, pods.length);
}

function questionOf(pod: PodObject, { site, workload }: Asked, options: LogsOptions): NodeQuestion {
  const { name, namespace } = pod.metadata;
  const container = containerOf(pod, workload.name, options.container);
  return { site, namespace, pod: name, container, node: pod.spec.nodeName };
}

async function printLog(
  access: ApiAccess,
  question: NodeQuestion,
  { previous, sinceSeconds, tailLines, follow }: LogsOptions,
  say: (line: string) => void,
): Promise<void> {
  const { site, namespace, pod, container } = question;
  const search = new URLSearchParams({
    container,
    ...(previous && { previous: "true" }),
    ...(follow && { follow: "true" }),
    ...(sinceSeconds !== undefined && { sinceSeconds: String(sinceSeconds) }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
  });
  const lines = new LineSplitter(say);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${search}`;
  const answer = await streamAnswer(access, path, (chunk) => lines.push(chunk));
  if (answer.status === 200) return lines.end();
  const message = statusMessage(answer.body);
  if (/previous terminated container .* not found/.test(message)) {
    throw new RunError(`${container} of ${pod} has not been restarted, so it said nothing before`, {
      nextStep: "leave out --previous",
      exitCode: exitCodes.usage,
    });
  }
  if (answer.status === 400) {
    throw new RunError(`${pod} says nothing yet: ${message}`, {
      nextStep: `see what it waits for: ./sitewright workloads ${site}`,
      exitCode: exitCodes.remote,
    });
  }
  throw fromNode("what it said cannot be read", question, message);
}

/** A line as a screen bears it: colours stay, what would move the cursor goes. Elsewhere it is left as it was said. */
function shown(line: string, screen: Screen): string {
  if (screen.isTTY !== true) return line;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
  return line.replace(/(\u001b\[[0-9;]*m)|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "$1");
}

/** The first fault, and of how many Pods there is one. */
function severalFaults(fault: RunError, faults: number, pods: number): RunError {
  if (pods === 1) return fault;
  const { nextStep, exitCode } = fault;
  const [what = ""] = fault.message.split("\n  next: ");
  return new RunError(`${faults} of ${pods} Pods could not be read, the first: ${what}`, {
    ...(nextStep !== undefined && { nextStep }),
    exitCode,
  });
}
