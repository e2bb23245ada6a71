import type { PropertyMap } from "../../protocol/values";
import { gvkOf } from "../objects/kinds";
import { isMap, type KubeObject, removeAt, setAt } from "../objects/kube-object";
import { normalise } from "../objects/normalise";
import { objectOf } from "../objects/properties";
import type { Session } from "../session";

/** The inputs of a resource as an object in its canonical spelling. */
export async function normalisedInputs(
  properties: PropertyMap,
  session: Session,
  signal: AbortSignal,
): Promise<KubeObject> {
  return await normalised(objectOf(properties), session, signal);
}

/** An object in its canonical spelling; see `normalise`. */
export async function normalised(
  object: KubeObject,
  session: Session,
  signal: AbortSignal,
): Promise<KubeObject> {
  return normalise(object, await session.schemasFor(gvkOf(object), signal));
}

/** Sets the namespace, or with "" takes it away. */
export function setNamespace(object: KubeObject, namespace: string): void {
  if (namespace === "") removeAt(object, ["metadata", "namespace"]);
  else if (isMap(object.metadata) || object.metadata === undefined) {
    setAt(object, ["metadata", "namespace"], namespace);
  }
}
