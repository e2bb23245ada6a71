import { isMap as isPropertyMap, type PropertyMap, Secret } from "../../protocol/values";
import { apiVersionOf, isMap, type KubeObject, kindOf } from "./kube-object";
import { objectOf, propertiesOf, withSecrets } from "./properties";

/** What the state keeps of an object besides the live object itself. */
export interface Checkpoint {
  inputs: KubeObject;
  live: KubeObject;
}

/** How an object was first made and who manages its fields; kept in state. */
export interface Provenance {
  initialApiVersion: string;
  fieldManager: string;
}

/** The state of an object: the live object with the inputs and their provenance beside it. */
export function checkpoint(
  inputs: KubeObject,
  live: KubeObject,
  secretsFrom: PropertyMap,
  provenance: Provenance,
): PropertyMap {
  const outputs = withSecretData(withSecrets(propertiesOf(live), secretsFrom), live, secretsFrom);
  return {
    ...outputs,
    __fieldManager: provenance.fieldManager,
    __initialApiVersion: provenance.initialApiVersion,
    __inputs: withSecrets(propertiesOf(inputs), secretsFrom),
  };
}

/** The API server moves stringData into data: what was secret there stays secret here. */
function withSecretData(outputs: PropertyMap, live: KubeObject, from: PropertyMap): PropertyMap {
  const { stringData } = from;
  const { data } = outputs;
  if (apiVersionOf(live) !== "v1" || kindOf(live) !== "Secret") return outputs;
  if (stringData === undefined || data === undefined) return outputs;
  if (stringData instanceof Secret && !(data instanceof Secret)) {
    return { ...outputs, data: new Secret(data) };
  }
  if (isPropertyMap(stringData) && isPropertyMap(data)) {
    return { ...outputs, data: withSecrets(data, stringData) };
  }
  return outputs;
}

/** The inputs and the live object that a state holds. */
export function parseCheckpoint(state: PropertyMap): Checkpoint {
  const live = objectOf(state);
  const inputs = live.__inputs;
  delete live.__inputs;
  return { inputs: isMap(inputs) ? inputs : {}, live };
}

/** The field manager that a state names, if any. */
export function fieldManagerIn(state: PropertyMap): string | undefined {
  const manager = state.__fieldManager;
  return typeof manager === "string" ? manager : undefined;
}

/** The API version the object was first made with, else the one its inputs name. */
export function initialApiVersionIn(state: PropertyMap, inputs: KubeObject): string {
  const version = state.__initialApiVersion;
  return typeof version === "string" ? version : apiVersionOf(inputs);
}
