import {
  generationOf,
  type KubeObject,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import { type Awaiter, READY, type Verdict, waiting } from "./verdict";

/**
 * For any kind, custom ones too: the controller has seen the object, is not still reconciling and
 * does not say that it is not ready. In use when PULUMI_K8S_AWAIT_ALL is "true".
 */
export const readyConditionAwaiter: Awaiter = {
  related: [],
  judgesRead: false,
  judge: ({ object }) => judgeConditions(object),
};

function judgeConditions(object: KubeObject): Verdict {
  if (pluckString(object, "metadata", "deletionTimestamp") !== "")
    return waiting("Resource scheduled for deletion");
  const observed = pluckNumber(object, "status", "observedGeneration");
  if (observed !== undefined && observed !== generationOf(object)) {
    return waiting(
      `${pluckString(object, "kind")} generation is ${generationOf(object)}, but latest observed generation is ${observed}`,
    );
  }
  const conditions = pluckMaps(object, "status", "conditions");
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  for (const type of ["Reconciling", "Stalled"]) {
    if (pluckString(of(type), "status") === "True") return unready(of(type));
  }
  const ready = of("Ready");
  return ready === undefined || pluckString(ready, "status") === "True" ? READY : unready(ready);
}

function unready(condition: KubeObject | undefined): Verdict {
  const message = pluckString(condition, "message") || "Waiting for readiness";
  return waiting(message, [message]);
}
