import type { InitBlueprint, Probe, ProbeTimes } from "../../site/workload/pod-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { shipperContainer } from "../logging/shipper";
import { centreEnvironment } from "./centre";
import { configName } from "./config";
import { secretsName } from "./secret-object";
import { containerPorts } from "./services";
import { fillingMounts, mounts } from "./volumes";

/** Containers of a workload's Pods, as plain data. */

/** The container that the workload is. */
export function container(workload: WorkloadBlueprint) {
  const { name, image, command, args, ports, resources, settings } = workload;
  const { preStopSeconds } = settings;
  return {
    name,
    image,
    imagePullPolicy: settings.imagePullPolicy,
    ...(command.length > 0 && { command: [...command] }),
    ...(args.length > 0 && { args: [...args] }),
    ...(ports.length > 0 && { ports: containerPorts(workload) }),
    ...environment(workload),
    ...probes(workload),
    // Kubernetes itself waits, so the image needs no shell.
    ...(preStopSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } } }),
    resources,
    securityContext: containerSecurity(workload),
    volumeMounts: mounts(workload),
  };
}

/** A container that runs before the workload's own, or from then on beside it. */
export function initContainer(workload: WorkloadBlueprint, one: InitBlueprint) {
  if (one.ships) return shipperContainer(workload, one);
  const { name, image, command, args, env, resources, sidecar, fills } = one;
  return {
    name,
    image,
    imagePullPolicy: workload.settings.imagePullPolicy,
    ...(sidecar && { restartPolicy: "Always" }),
    ...(command.length > 0 && { command: [...command] }),
    ...(args.length > 0 && { args: [...args] }),
    ...(fills === undefined && environment(workload, env)),
    resources,
    securityContext: containerSecurity(workload),
    volumeMounts: fills === undefined ? mounts(workload) : fillingMounts(fills),
  };
}

/** Variables: from the ConfigMap, from secrets, the time zone unless the release sets it, and the container's own. */
function environment(workload: WorkloadBlueprint, own: Readonly<Record<string, string>> = {}) {
  const { env, secretEnv, settings } = workload;
  const stated = [
    ...([env, secretEnv, own].some((stated) => Object.hasOwn(stated, "TZ"))
      ? []
      : [{ name: "TZ", value: settings.timeZone }]),
    ...Object.entries(secretEnv)
      .filter(([name]) => !Object.hasOwn(own, name))
      .map(([name, key]) => ({
        name,
        valueFrom: { secretKeyRef: { name: secretsName(workload), key } },
      })),
    ...centreEnvironment(workload),
    ...Object.entries(own).map(([name, value]) => ({ name, value })),
  ];
  return {
    ...(Object.keys(env).length > 0 && {
      envFrom: [{ configMapRef: { name: configName(workload) } }],
    }),
    env: stated.sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function containerSecurity({ settings }: WorkloadBlueprint) {
  const { capabilities, readOnlyRootFilesystem } = settings;
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem,
    capabilities: {
      drop: ["ALL"],
      ...(capabilities.length > 0 && { add: [...capabilities] }),
    },
  };
}

/** One question, asked often while starting, then for traffic, and rarely for life. */
function probes({ probe }: WorkloadBlueprint) {
  if (probe === undefined) return {};
  const ask = question(probe);
  return {
    startupProbe: { ...ask, ...timed(probe.startup) },
    readinessProbe: { ...ask, ...timed(probe.readiness) },
    livenessProbe: { ...ask, ...timed(probe.liveness) },
  };
}

function question({ port, path, grpc, command }: Probe) {
  if (command !== undefined) return { exec: { command: [...command] } };
  if (grpc !== undefined) return { grpc: { port, ...(grpc !== "" && { service: grpc }) } };
  return path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } };
}

function timed({ everySeconds, timeoutSeconds, failures }: ProbeTimes) {
  return { periodSeconds: everySeconds, timeoutSeconds, failureThreshold: failures };
}
