import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** A container, which only the kubelet of its node can answer for. */
export interface NodeQuestion {
  readonly site: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Empty while the Pod has none. */
  readonly node: string;
}

/** What the API server says when it does not come through to a kubelet. */
const silent =
  /dial tcp|connection refused|no route to host|i\/o timeout|EOF|no such host|proxy error/i;

/** A fault of something that the API server asks a kubelet for; tells apart a node that does not answer. */
export function fromNode(
  what: string,
  { site, pod, node }: NodeQuestion,
  message: string,
): RunError {
  if (node === "") {
    return new RunError(`Pod ${pod} has no node yet: ${what}`, {
      nextStep: `see why: ./sitewright workloads ${site}`,
      exitCode: exitCodes.remote,
    });
  }
  if (silent.test(message)) {
    return new RunError(
      `the kubelet of ${node}, where ${pod} is, does not answer the API server: ${message}`,
      {
        nextStep: `look on ${node} at systemctl status kubelet`,
        exitCode: exitCodes.remote,
      },
    );
  }
  return new RunError(`${what}, ${pod} on ${node}: ${message}`, {
    nextStep: `see how it is: ./sitewright workloads ${site}; look on ${node} at journalctl -u kubelet; in a rehearsal no container runs, so there is nothing to read or to enter`,
    exitCode: exitCodes.remote,
  });
}
