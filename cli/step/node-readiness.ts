import { setTimeout as sleep } from "node:timers/promises";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { askNodes } from "./detect";
import type { StepContext } from "./step-context";

/** Bound for nodes to become ready after kk has ended. */
const READY_SECONDS = 300;

/** Most nodes are ready within the first seconds; those that are not take minutes. */
const EARLY_TURNS = 10;
const EARLY_PAUSE_SECONDS = 0.5;
const PAUSE_SECONDS = 3;

/**
 * Waits until all of `names` are ready nodes of this Kubernetes version, as the control plane `from` reports them. Throws RunError when that
 * takes longer than `seconds`, default 300: it names the nodes, or says that the API server never came up.
 */
export async function waitReady(
  step: StepContext,
  from: string,
  { names, kubernetes }: { readonly names: readonly string[]; readonly kubernetes: string },
  seconds = READY_SECONDS,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let before = "";
  for (let turn = 0; ; turn++) {
    const answer = await askNodes(step, from);
    if ("nodes" in answer) {
      const { nodes } = answer;
      const ready = (name: string) =>
        nodes.some((node) => node.name === name && node.ready && node.kubelet === kubernetes);
      const missing = names.filter((name) => !ready(name)).sort();
      if (missing.length === 0) {
        step.say(`${names.length} nodes are ready, all ${kubernetes}`);
        return;
      }
      if (Date.now() > deadline) throw notReady(from, missing, kubernetes, seconds);
      before = tell(step, before, `waiting for nodes: ${missing.join(", ")}`);
    } else {
      if (Date.now() > deadline) throw notUp(from, answer.silent, seconds);
      before = tell(step, before, `waiting for the API server of ${from}: ${answer.silent}`);
    }
    await sleep((turn < EARLY_TURNS ? EARLY_PAUSE_SECONDS : PAUSE_SECONDS) * 1000);
  }
}

/** Says a line that differs from the one said before; returns the line. */
function tell(step: StepContext, before: string, line: string): string {
  if (line !== before) step.say(line);
  return line;
}

function notReady(
  from: string,
  missing: readonly string[],
  kubernetes: string,
  seconds: number,
): RunError {
  return new RunError(
    `after ${seconds} s these nodes are not ready with Kubernetes ${kubernetes}: ${missing.join(", ")}`,
    {
      exitCode: exitCodes.remote,
      nextStep: `look on ${from} at kubectl describe node, and on those nodes at journalctl -u kubelet; then run the same command again`,
    },
  );
}

function notUp(from: string, reason: string, seconds: number): RunError {
  return new RunError(
    `after ${seconds} s the API server of ${from} does not answer, although kk has ended well: ${reason}`,
    {
      exitCode: exitCodes.remote,
      nextStep: `look on ${from} at crictl ps -a, journalctl -u kubelet and systemctl status etcd; then run the same command again`,
    },
  );
}
