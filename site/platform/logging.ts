import type { BlueprintInput } from "../blueprint-input";
import { isNode, taintKeys } from "../nodes";
import type { Resources } from "../pod-types";
import type { LoggingSettings } from "../schema/logging";
import { logInputs } from "./log-inputs";
import { logOutput, metricsIndex } from "./log-output";
import { beatRoom } from "./log-sizes";
import { logStoreBlueprint, logStorePods } from "./log-store";
import { loggingNamespace as namespace } from "./logging-place";
import type {
  BeatLine,
  FilebeatBlueprint,
  LoggingBlueprint,
  LogOutput,
  MetricbeatBlueprint,
} from "./logging-types";
import { clusterState, monitoringNamespace } from "./monitoring-place";
import type { PlatformPods } from "./part-types";
import { noPart, podSecurity } from "./parts";
import { programImage } from "./storage-programs";

/** Hands a beat's figures to Prometheus. */
const exporterResources: Resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

/** Program of the catalogue that figures are handed on with. */
const exporter = "json-exporter";

/** Everything decided about logging; undefined where the site has none. */
export function loggingBlueprint(input: BlueprintInput): LoggingBlueprint | undefined {
  const { name, site, release } = input;
  const { logging } = site;
  if (logging === undefined) return undefined;
  const { output, secrets } = logOutput(site, name, release.product);
  const filebeat = filebeatBlueprint(input, logging, output);
  const metricbeat = logging.metricbeat ? metricbeatBlueprint(input, output) : undefined;
  const store = logStoreBlueprint(input, output);
  return {
    ...noPart,
    programs: [
      beatProgram("filebeat", output.line),
      exporter,
      ...(metricbeat === undefined ? [] : [beatProgram("metricbeat", output.line)]),
      ...(store === undefined ? [] : ["elasticsearch", "kibana"]),
    ],
    // Reads the nodes' files as root, which nothing but this level allows.
    namespaces: [
      { name: namespace, labels: podSecurity("privileged"), holdsData: store !== undefined },
    ],
    pods: [
      ...everywhere(input, "filebeat", filebeat.resources),
      ...(metricbeat === undefined ? [] : everywhere(input, "metricbeat", metricbeat.resources)),
      ...logStorePods(store),
    ],
    namespace,
    output,
    secrets,
    filebeat,
    ...(metricbeat !== undefined && { metricbeat }),
    ...(store !== undefined && { store }),
  };
}

/** Program of the catalogue that a beat of a line is. */
export function beatProgram(beat: "filebeat" | "metricbeat", line: BeatLine): string {
  return line === "9" ? beat : `${beat}-7`;
}

function filebeatBlueprint(
  input: BlueprintInput,
  { diskQueueGiB, hostFiles, drop }: LoggingSettings,
  { line, bulkEvents }: LogOutput,
): FilebeatBlueprint {
  const { site, release, name } = input;
  // Each container has a file that grows and one that was just put aside.
  const openFiles = 2 * site.cluster.maxPods;
  return {
    image: programImage(input, beatProgram("filebeat", line), "filebeat"),
    exporterImage: programImage(input, exporter, "json-exporter"),
    exporterResources,
    ...beatRoom(site.hosts.filter(isNode), bulkEvents, openFiles, diskQueueGiB),
    site: name,
    product: release.product,
    inputs: logInputs(release),
    hostFiles,
    drop,
  };
}

function metricbeatBlueprint(input: BlueprintInput, output: LogOutput): MetricbeatBlueprint {
  const { line, bulkEvents } = output;
  return {
    image: programImage(input, beatProgram("metricbeat", line), "metricbeat"),
    exporterImage: programImage(input, exporter, "json-exporter"),
    exporterResources,
    ...beatRoom(input.site.hosts.filter(isNode), bulkEvents, 0),
    site: input.name,
    ...targetOf(input, output),
    ...(input.site.monitoring !== undefined && {
      clusterState: `${clusterState.service}.${monitoringNamespace}.svc:${clusterState.port}`,
    }),
  };
}

function targetOf({ name, release }: BlueprintInput, { kind }: LogOutput) {
  if (kind === "logstash") return {};
  return { target: kind === "kafka" ? `metrics.${name}` : metricsIndex(release.product, name) };
}

/** A beat on every node with what hands its figures on. */
function everywhere(
  { site }: BlueprintInput,
  name: string,
  resources: Resources,
): readonly PlatformPods[] {
  const nodes = site.hosts.filter(isNode);
  const pod = { namespace, replicas: nodes.length, nodeSelector: {}, tolerates: taintKeys(nodes) };
  return [
    { ...pod, name, resources },
    { ...pod, name: `${name}-figures`, resources: exporterResources },
  ];
}
