import { alertmanager, monitoringNamespace } from "../../site/platform/monitoring-place";
import { answerText } from "../cluster-port/answer-text";
import { servedPod } from "../cluster-port/served-pod";
import { type ApiAccess, ask } from "../step/api-client";
import type { AlertmanagerPod } from "./test-run";

const timeoutSeconds = 15;

/** Alertmanager behind a URL; its log is read by `log`, where there is a way to. */
export function alertmanagerAt(url: string, log: AlertmanagerPod["log"]): AlertmanagerPod {
  const asked = (path: string, init?: RequestInit) => answerText("Alertmanager", url, path, init);
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
