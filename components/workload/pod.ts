import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { podLabels, selectorLabels } from "./labels";

/** Everything a Pod of the product is, whatever starts it. Meets the "restricted" Pod security level. */

/** A user that no image and no host knows: a process that escapes owns nothing. */
const user = 10_001;

export interface PodOptions {
  readonly restartPolicy: "Always" | "Never";
}

/** Pod template of a workload, without the metadata that its controller adds. */
export function podSpec(workload: WorkloadBlueprint, { restartPolicy }: PodOptions) {
  return {
    restartPolicy,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    nodeSelector: workload.nodeSelector,
    ...spread(workload),
    containers: [container(workload)],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "256Mi" } }],
  };
}

/** Labels of the Pods, which are also what the workload's Services and budgets select by. */
export function podMetadata(workload: WorkloadBlueprint, configHash: string | undefined) {
  const revision = workload.mesh?.revision;
  // Pods read their environment once, and get their proxy once: what is new there must mean new Pods.
  const annotations = {
    ...(configHash !== undefined && { "sitewright/config-hash": configHash }),
    ...(revision !== undefined && { "sitewright/mesh-revision": revision }),
  };
  return {
    labels: { ...podLabels(workload), ...workload.mesh?.labels },
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/** Name of the ConfigMap with a workload's environment. */
export function configName(workload: Pick<WorkloadBlueprint, "name">): string {
  return `${workload.name}-config`;
}

function container(workload: WorkloadBlueprint) {
  const { name, image, command, ports, resources, claims, env } = workload;
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ...(command.length > 0 && { command: [...command] }),
    ...(ports.length > 0 && {
      ports: ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
    }),
    ...(Object.keys(env).length > 0 && {
      envFrom: [{ configMapRef: { name: configName(workload) } }],
    }),
    ...probes(workload),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      ...claims.map(({ name, mountPath }) => ({ name, mountPath })),
    ],
  };
}

/** One question, asked often while starting, then for traffic, and rarely for life. */
function probes({ probe }: WorkloadBlueprint) {
  if (probe === undefined) return {};
  const { path, port } = probe;
  const ask = path === undefined ? { tcpSocket: { port } } : { httpGet: { path, port } };
  return {
    startupProbe: { ...ask, periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...ask, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
    livenessProbe: { ...ask, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
  };
}

/** Pods of one workload keep away from each other: first by host, then by zone. */
function spread(workload: WorkloadBlueprint) {
  if (workload.antiAffinity === "none") return {};
  const labelSelector = { matchLabels: selectorLabels(workload) };
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector };
  const podAntiAffinity =
    workload.antiAffinity === "required"
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
        };
  return {
    affinity: { podAntiAffinity },
    topologySpreadConstraints: [
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector,
      },
    ],
  };
}
