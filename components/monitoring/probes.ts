import type { ProbeBlueprint } from "../../site/platform/monitoring-target-types";
import { proberName, proberPort } from "./blackbox";

/** One thing that is asked, as an object of Prometheus' operator. */
export function probe(namespace: string, wanted: ProbeBlueprint) {
  const { name, job, module, intervalSeconds, timeoutSeconds, url, labels } = wanted;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Probe",
    metadata: { name, namespace },
    spec: {
      jobName: job,
      module,
      interval: `${intervalSeconds}s`,
      scrapeTimeout: `${timeoutSeconds}s`,
      prober: { url: `${proberName}.${namespace}.svc:${proberPort}`, path: "/probe" },
      targets: {
        staticConfig: {
          static: [url],
          labels: { ...labels },
          relabelingConfigs: relabelings(wanted),
        },
      },
    },
  };
}

/** The question goes to an address; Host and TLS keep the name, and so does the label `instance`. */
function relabelings({ url, at }: ProbeBlueprint) {
  if (at === undefined) return [];
  const set = (targetLabel: string, replacement: string) => ({
    action: "replace",
    targetLabel,
    // A dollar sign would begin a reference to a group.
    replacement: replacement.replaceAll("$", "$$$$"),
  });
  if (!/^https?:/.test(url)) {
    return [set("__param_hostname", url.replace(/:\d+$/, "")), set("__param_target", at)];
  }
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const where = port === "" ? at : `${at}:${port}`;
  return [
    set("__param_hostname", hostname),
    set("__param_target", `${protocol}//${where}${pathname}${search}`),
  ];
}
