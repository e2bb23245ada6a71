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

/** Every such Pods that can be read before the update; `isComplete` where these are all. */
export function coveredPods(inventory: Inventory, unknowns: Unknowns) {
  const scaled = new Map(
    inventory
      .of("autoscaling/HorizontalPodAutoscaler")
      .flatMap((subject) => unknowns.without(() => [scaler(subject)])),
  );
  const all = inventory.objects.map((subject) =>
    unknowns.without(() => [covered(subject, scaled)]),
  );
  return {
    pods: all.flat().filter((one) => one !== undefined),
    isComplete: all.every(({ length }) => length > 0),
  };
}

function covered(
  subject: ObjectSubject,
  scaled: ReadonlyMap<string, number>,
): CoveredPods | undefined {
  const { object } = subject;
  const found = replicatedPods(object);
  if (found === undefined) return undefined;
  const namespace = namespaceOf(object);
  const replicas = scaled.get(placeOf(object.kind, namespace, object.metadata?.name));
  return {
    subject,
    namespace,
    labels: { ...found.labels },
    replicas: replicas ?? found.replicas,
    stateful: found.stateful,
  };
}

/** Labels of Pods of objects of every kind that makes some, however many. */
export function podsOfAnyKind(inventory: Inventory) {
  return inventory.objects.flatMap((subject) => {
    const template = podTemplate(subject.object);
    return template === undefined ? [] : [{ subject, labels: fields(template.metadata.labels) }];
  });
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
