import { ProviderFailure } from "../../protocol/failure";
import {
  containsSecret,
  isList,
  isMap as isPropertyMap,
  type PropertyMap,
  type PropertyValue,
  ResourceReference,
  Secret,
  Unknown,
} from "../../protocol/values";
import { isMap, type KubeObject, type KubeValue, UNKNOWN } from "./kube-object";

/** Fields of CRD schemas whose dashes SDKs cannot carry: spelled with underscores outside. */
const DASHED = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const toDashed = new Map(DASHED.map((key) => [key.replaceAll("-", "_"), key]));
const toUnderscored = new Map(DASHED.map((key) => [key, key.replaceAll("-", "_")]));

/** Properties as a Kubernetes object: secrets bare, CRD fields with their dashes. Never log it. */
export function objectOf(properties: PropertyMap): KubeObject {
  const object: KubeObject = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined) object[toDashed.get(key) ?? key] = plainOf(value);
  }
  return object;
}

function plainOf(value: PropertyValue): KubeValue {
  if (value instanceof Secret) return plainOf(value.value);
  if (value instanceof Unknown) return UNKNOWN;
  if (value instanceof ResourceReference) return plainOf(value.id ?? value.urn);
  if (isList(value)) return value.map(plainOf);
  if (isPropertyMap(value)) return objectOf(value);
  if (typeof value === "object" && value !== null) {
    throw new ProviderFailure(
      "A Kubernetes object cannot hold an asset or archive; pass its text instead.",
    );
  }
  return value;
}

/** A Kubernetes object as properties, for the engine and SDKs to read. */
export function propertiesOf(object: KubeObject): PropertyMap {
  const properties: Record<string, PropertyValue> = {};
  for (const [key, value] of Object.entries(object)) {
    properties[toUnderscored.get(key) ?? key] = propertyOf(value);
  }
  return properties;
}

function propertyOf(value: KubeValue): PropertyValue {
  if (value === UNKNOWN) return new Unknown();
  if (Array.isArray(value)) return value.map(propertyOf);
  return isMap(value) ? propertiesOf(value) : value;
}

/**
 * The outputs with everything secret that was secret in the inputs: objects key by key, any other
 * value whole. What a Secret object holds is secret always.
 */
export function withSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  if (outputs.kind === "Secret") {
    return { ...outputs, ...asSecret("data", outputs), ...asSecret("stringData", outputs) };
  }
  const marked: Record<string, PropertyValue | undefined> = { ...outputs };
  for (const [key, input] of Object.entries(inputs)) {
    const output = outputs[key];
    if (output === undefined) continue;
    if (isPropertyMap(output) && isPropertyMap(input)) marked[key] = withSecrets(output, input);
    else if (!(output instanceof Secret) && containsSecret(input)) marked[key] = new Secret(output);
  }
  return marked;
}

function asSecret(key: string, properties: PropertyMap): PropertyMap {
  const value = properties[key];
  if (value === undefined || value === null || value instanceof Secret) return {};
  return { [key]: new Secret(value) };
}
