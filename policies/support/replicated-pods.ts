import { fields, groupKind, type KubernetesObject } from "./objects";
import { podTemplate } from "./pods";

/** Pods of one kind that run side by side for ever: a controller's, or those that an operator makes of its own object. */
export interface ReplicatedPods {
  /** Path of what says where Pods run: `spec.template.spec`, or `spec` of an operator's object. */
  readonly path: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly replicas: number;
  /** Whether each has a name and data of its own. */
  readonly stateful: boolean;
}

/** Kinds of Prometheus' operator, which knows its Pods by one label more than the name of the program. */
const operated: Readonly<Record<string, string>> = {
  "monitoring.coreos.com/Prometheus": "prometheus",
  "monitoring.coreos.com/Alertmanager": "alertmanager",
};

/** Pods of an object that has a number of them; undefined for every other, such as one Pod for each node. */
export function replicatedPods(object: KubernetesObject | undefined): ReplicatedPods | undefined {
  if (object === undefined) return undefined;
  const kind = groupKind(object);
  const program = Object.hasOwn(operated, kind) ? operated[kind] : undefined;
  if (program !== undefined) return operatedPods(object, program);
  const template = podTemplate(object);
  if (template === undefined || !template.endless || kind === "Pod") return undefined;
  if (!Number.isFinite(template.replicas)) return undefined;
  const { path, spec, metadata, replicas } = template;
  const labels = fields(metadata.labels);
  return { path: `${path}.spec`, spec, labels, replicas, stateful: kind === "apps/StatefulSet" };
}

function operatedPods(object: KubernetesObject, program: string): ReplicatedPods {
  const name = object.metadata?.name;
  const spec = fields(object.spec);
  const { replicas = 1, podMetadata } = spec;
  return {
    path: "spec",
    spec,
    labels: {
      ...fields(fields(podMetadata).labels),
      "app.kubernetes.io/name": program,
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/managed-by": "prometheus-operator",
      [program]: name,
      ...(program === "prometheus" && { "operator.prometheus.io/name": name }),
    },
    replicas: typeof replicas === "number" ? replicas : 1,
    stateful: true,
  };
}
