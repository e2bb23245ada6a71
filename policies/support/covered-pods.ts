import type { Inventory, ObjectSubject } from "./inventory";
import { fields, namespaceOf } from "./objects";
import { podTemplate } from "./pods";
import { replicatedPods } from "./replicated-pods";
import type { Unknowns } from "./unknowns";

/** Pods side by side that a budget may be over. */
export interface CoveredPods {
  readonly subject: ObjectSubject;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, unknown>>;
  /** Pods wanted; the fewest where an autoscaler chooses. */
  readonly replicas: number;
  readonly stateful: boolean;
}

const replicated = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/ReplicaSet",
  "monitoring.coreos.com/Prometheus",
  "monitoring.coreos.com/Alertmanager",
];

/** Every such Pods that can be read before the update; `isComplete` where these are all. */
export function coveredPods(inventory: Inventory, unknowns: Unknowns) {
  const scaled = new Map(
    inventory
      .of("autoscaling/HorizontalPodAutoscaler")
      .flatMap((subject) => unknowns.without(() => [scaler(subject)])),
  );
  const all = inventory.of(...replicated);
  const pods = all.flatMap((subject) =>
    unknowns.without((): CoveredPods[] => {
      const { object } = subject;
      const found = replicatedPods(object);
      if (found === undefined) return [];
      const replicas = scaled.get(placeOf(object.kind, namespaceOf(object), object.metadata?.name));
      return [
        {
          subject,
          namespace: namespaceOf(object),
          labels: { ...found.labels },
          replicas: replicas ?? found.replicas,
          stateful: found.stateful,
        },
      ];
    }),
  );
  return { pods, isComplete: pods.length === all.length };
}

/** Labels of Pods of objects of every kind that makes some, however many. */
export function podsOfAnyKind(inventory: Inventory) {
  return inventory.of("apps/DaemonSet", "batch/Job", "batch/CronJob", "Pod").map((subject) => ({
    subject,
    labels: fields(podTemplate(subject.object)?.metadata.labels),
  }));
}

/** The fewest Pods that an autoscaler leaves, by what it scales. */
function scaler({ object }: ObjectSubject): readonly [string, number] {
  const { scaleTargetRef, minReplicas = 1 } = fields(object.spec);
  const { kind, name } = fields(scaleTargetRef);
  const least = typeof minReplicas === "number" ? minReplicas : 1;
  return [placeOf(kind, namespaceOf(object), name), least];
}

function placeOf(kind: unknown, namespace: string, name: unknown): string {
  return [kind, namespace, name].map(String).join("/");
}
