import { monitoringNamespace } from "../../site/platform/monitoring-place";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** Bound for one answer. */
const timeoutSeconds = 30;

/** What watches a site and can be asked. */
export type Watcher = "Prometheus" | "Alertmanager" | "Grafana";

/**
 * Asks what answers at a URL: the text of its answer.
 * @throws RunError with what it said when that was no good answer, or when it said nothing
 */
export async function answerText(
  who: Watcher,
  url: string,
  path: string,
  init: RequestInit = {},
): Promise<string> {
  const asked = path.split("?")[0];
  const fault = (what: string, nextStep: string, cause?: unknown) =>
    new RunError(`${who} ${what}`, { nextStep, exitCode: exitCodes.remote, cause });
  let answer: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    answer = await fetch(`${url}${path}`, { ...init, signal });
    text = await answer.text();
  } catch (error) {
    const next = `see whether its Pods are ready: kubectl -n ${monitoringNamespace} get pods`;
    throw fault(`does not answer ${asked}`, next, error);
  }
  if (answer.ok) return text;
  const selector = `app.kubernetes.io/name=${who.toLowerCase()}`;
  throw fault(
    `answered ${asked} with ${answer.status}: ${text.slice(0, 200)}`,
    `see its log: kubectl -n ${monitoringNamespace} logs -l ${selector} --all-containers`,
  );
}
