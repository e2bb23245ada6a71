import { alertmanager, monitoringNamespace } from "../../site/platform/monitoring-place";
import { RunError } from "../../site/run-error";
import { servedPod } from "../cluster-port/served-pod";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, ask } from "../step/api-client";
import type { AlertmanagerPod } from "./test-run";

const timeoutSeconds = 15;

/** Alertmanager behind a URL; its log is read by `log`, where there is a way to. */
export function alertmanagerAt(url: string, log: AlertmanagerPod["log"]): AlertmanagerPod {
  const asked = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const body = await answer.text();
    if (answer.ok) return body;
    throw new RunError(
      `Alertmanager answered ${path} with ${answer.status}: ${body.slice(0, 200)}`,
      {
        nextStep: `see kubectl -n ${monitoringNamespace} logs -l app.kubernetes.io/name=alertmanager -c alertmanager`,
        exitCode: exitCodes.remote,
      },
    );
  };
  return {
    get: (path) => asked(path),
    post: async (path, body) => {
      const headers = { "content-type": "application/json" };
      await asked(path, { method: "POST", headers, body: JSON.stringify(body) });
    },
    log,
  };
}

/** Reads the log of the Pod that the Service of Alertmanager leads to; what cannot be read is left out. */
export function alertmanagerLog(access: ApiAccess): AlertmanagerPod["log"] {
  return async (since) => {
    try {
      const place = { ...alertmanager, namespace: monitoringNamespace };
      const { namespace, pod } = await servedPod(access, place);
      const search = new URLSearchParams({
        container: "alertmanager",
        sinceTime: since.toISOString(),
        tailLines: "2000",
      });
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${search}`;
      const answer = await ask(access, { method: "GET", path, accept: "*/*" }, timeoutSeconds);
      return answer.status === 200 ? answer.body : undefined;
    } catch {
      return undefined;
    }
  };
}
