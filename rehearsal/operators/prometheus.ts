import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type Found, type Operator, writeStatus } from "./operator";
import { keep, keepRunning } from "./pods";

/**
 * Prometheus' operator: it starts Pods of Prometheus and Alertmanager, and says whether they are there. What they read
 * is nobody's here, so no figure is ever kept; a Secret or ConfigMap that they mount and nobody made keeps them away, as
 * with the real one.
 */

const group = "/apis/monitoring.coreos.com/v1";

/** The part of both kinds that matters here. */
export interface ProgramSpec {
  readonly replicas?: number;
  readonly image?: string;
  readonly serviceAccountName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: unknown;
  readonly tolerations?: readonly unknown[];
  readonly resources?: unknown;
  readonly priorityClassName?: string;
  readonly securityContext?: unknown;
  readonly retentionSize?: string;
  readonly secrets?: readonly string[];
  readonly configMaps?: readonly string[];
  readonly configSecret?: string;
  readonly storage?: {
    readonly emptyDir?: unknown;
    readonly volumeClaimTemplate?: { readonly spec?: unknown };
  };
}

type Program = "prometheus" | "alertmanager";

const ports: Readonly<Record<Program, number>> = { prometheus: 9090, alertmanager: 9093 };

/** What the operator would not even start; undefined when nothing is wrong. */
export function programFault(program: Program, spec: ProgramSpec): string | undefined {
  if (!/:v\d+\.\d+/.test(spec.image ?? "")) return `image ${spec.image ?? "is not named"}`;
  const { retentionSize = "" } = spec;
  if (retentionSize !== "" && !/^\d+(\.\d+)?(K|M|G|T|P|E)i?B$/.test(retentionSize)) {
    return `retentionSize ${retentionSize} is no size`;
  }
  const affinity = JSON.stringify(spec.affinity ?? {});
  const labels = podLabels(program, "");
  const unknown = [...affinity.matchAll(/"key":"([^"]+)"/g)]
    .map(([, key = ""]) => key)
    .find((key) => !key.startsWith("kubernetes.io/") && !Object.hasOwn(labels, key));
  return unknown === undefined ? undefined : `no Pod of ${program} has the label ${unknown}`;
}

/** Labels that the operator gives its Pods. */
export function podLabels(program: Program, name: string): Readonly<Record<string, string>> {
  return {
    "app.kubernetes.io/managed-by": "prometheus-operator",
    "app.kubernetes.io/name": program,
    "app.kubernetes.io/instance": name,
    ...(program === "prometheus" && {
      "operator.prometheus.io/name": name,
      "operator.prometheus.io/shard": "0",
    }),
    [program]: name,
  };
}

/** The Pods of one of them, with a volume for each. */
export function programPods(program: Program, { metadata, ...object }: KubeObject): KubeObject {
  const spec = object.spec as ProgramSpec;
  const { name, namespace = "" } = metadata;
  const labels = podLabels(program, name);
  const volume = `${program}-${name}-db`;
  const template = spec.storage?.volumeClaimTemplate;
  const mounts = [
    ...(spec.secrets ?? []).map((one) => ({ name: `secret-${one}`, secret: { secretName: one } })),
    ...(spec.configMaps ?? []).map((one) => ({
      name: `configmap-${one}`,
      configMap: { name: one },
    })),
  ];
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: `${program}-${name}`, namespace, labels },
    spec: {
      replicas: spec.replicas ?? 1,
      serviceName: `${program}-operated`,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      ...(template !== undefined && {
        volumeClaimTemplates: [{ metadata: { name: volume }, spec: template.spec }],
      }),
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: spec.serviceAccountName ?? "default",
          nodeSelector: spec.nodeSelector ?? {},
          affinity: spec.affinity ?? {},
          tolerations: spec.tolerations ?? [],
          ...(spec.priorityClassName !== undefined && {
            priorityClassName: spec.priorityClassName,
          }),
          securityContext: spec.securityContext ?? {},
          containers: [
            {
              name: program,
              image: spec.image,
              ports: [{ name: "http-web", containerPort: ports[program] }],
              resources: spec.resources ?? {},
              volumeMounts: [{ name: volume, mountPath: `/${program}` }],
            },
          ],
          volumes: [
            ...mounts,
            ...(template === undefined
              ? [{ name: volume, emptyDir: spec.storage?.emptyDir ?? {} }]
              : []),
          ],
        },
      },
    },
  };
}

async function look(program: Program, found: Found, api: KubeApi): Promise<void> {
  const { object } = found;
  if ("deletionTimestamp" in object.metadata || !(await operatorRuns(object, api))) return;
  const spec = object.spec as ProgramSpec;
  const fault = programFault(program, spec) ?? (await missing(object, api));
  if (fault !== undefined) return writeStatus(api, found, statusOf(object, 0, fault));
  const { namespace = "" } = object.metadata;
  await keep(api, object, `/api/v1/namespaces/${namespace}/services/${program}-operated`, {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: `${program}-operated`,
      namespace,
      labels: { [`operated-${program}`]: "true" },
    },
    spec: {
      clusterIP: "None",
      selector: { "app.kubernetes.io/name": program },
      ports: [{ name: "http-web", port: ports[program], targetPort: "http-web" }],
    },
  });
  const pods = programPods(program, object);
  const ready = await keepRunning(api, object, pods);
  await writeStatus(api, found, statusOf(object, ready ? (spec.replicas ?? 1) : 0));
}

/** As the real operator writes it; times are those of the object, so that nothing changes that did not. */
export function statusOf(object: KubeObject, available: number, fault?: string) {
  const { creationTimestamp } = object.metadata as unknown as { creationTimestamp: string };
  const { generation } = object.metadata as unknown as { generation?: number };
  const { replicas = 1 } = object.spec as ProgramSpec;
  const condition = (type: string, sound: boolean, reason: string, message: string) => ({
    type,
    status: sound ? "True" : "False",
    lastTransitionTime: creationTimestamp,
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(!sound && { reason, message }),
  });
  return {
    paused: false,
    replicas: fault === undefined ? replicas : 0,
    availableReplicas: available,
    updatedReplicas: available,
    unavailableReplicas: replicas - available,
    conditions: [
      condition("Available", available >= replicas, "NoPodReady", fault ?? "no Pod is ready"),
      condition("Reconciled", fault === undefined, "ReconciliationFailed", fault ?? ""),
    ],
  };
}

/** Something that its Pods mount and that is not there. */
async function missing({ metadata, spec }: KubeObject, api: KubeApi): Promise<string | undefined> {
  const { secrets = [], configMaps = [], configSecret } = spec as ProgramSpec;
  const { namespace = "" } = metadata;
  const wanted = [
    ...[...secrets, ...(configSecret === undefined ? [] : [configSecret])].map((name) => ({
      kind: "secret",
      name,
    })),
    ...configMaps.map((name) => ({ kind: "configmap", name })),
  ];
  for (const { kind, name } of wanted) {
    const found = await api.get(`/api/v1/namespaces/${namespace}/${kind}s/${name}`);
    if (found === undefined) return `${kind} "${name}" not found`;
  }
  return undefined;
}

async function operatorRuns({ metadata }: KubeObject, api: KubeApi): Promise<boolean> {
  const found = await api.get<KubeObject>(
    `/apis/apps/v1/namespaces/${metadata.namespace}/deployments/monitoring-operator`,
  );
  const { availableReplicas = 0 } = (found?.status ?? {}) as { availableReplicas?: number };
  return availableReplicas > 0;
}

export const prometheusOperator: readonly Operator[] = [
  {
    name: "prometheus-operator: Prometheus",
    watches: [`${group}/prometheuses`],
    look: (found, api) => look("prometheus", found, api),
  },
  {
    name: "prometheus-operator: Alertmanager",
    watches: [`${group}/alertmanagers`],
    look: (found, api) => look("alertmanager", found, api),
  },
];
