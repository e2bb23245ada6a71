import type {
  ComponentResource,
  CustomResource,
  CustomResourceOptions,
  Inputs,
  Resource,
} from "@pulumi/pulumi";
import { ANNOTATION } from "../objects/annotations";
import { gvkOf } from "../objects/kinds";
import {
  annotationOf,
  isMap,
  type KubeObject,
  nameOf,
  namespaceOf,
  pluck,
  setAt,
  typeOf,
} from "../objects/kube-object";
import { PLUGIN_VERSION } from "../version";
import { inOrder } from "../yaml/order";

/** What of the Pulumi SDK registering needs; loaded only when a component is made. */
export type Sdk = typeof import("@pulumi/pulumi");

/** How a component's objects become resources. */
export interface RegisterOptions {
  parent: ComponentResource;
  /** Goes before the names of the resources, with a colon; "" for none. */
  prefix: string;
  /** Annotates every object so that nobody waits for it. */
  skipAwait: boolean;
  /** Charts may ask that an object outlives them. */
  honourHelmPolicy: boolean;
}

/** Registers each object as a resource below the component, in an order in which they can be made. */
export function register(sdk: Sdk, objects: KubeObject[], options: RegisterOptions): Resource[] {
  const made = new Map<KubeObject, CustomResource>();
  for (const { object, dependencies } of inOrder(objects)) {
    const dependsOn = dependencies.flatMap((dependency) => made.get(dependency) ?? []);
    made.set(object, registerOne(sdk, object, dependsOn, options));
  }
  return [...made.values()];
}

function registerOne(
  sdk: Sdk,
  object: KubeObject,
  dependsOn: Resource[],
  options: RegisterOptions,
): CustomResource {
  if (options.skipAwait) {
    if (!isMap(pluck(object, "metadata", "annotations")))
      setAt(object, ["metadata", "annotations"], {});
    setAt(object, ["metadata", "annotations", ANNOTATION.skipAwait], "true");
  }
  const { group, version, kind } = gvkOf(object);
  const namespace = namespaceOf(object);
  const name = namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
  const resourceOptions: CustomResourceOptions = {
    parent: options.parent,
    version: PLUGIN_VERSION,
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
    ...(options.honourHelmPolicy && annotationOf(object, "helm.sh/resource-policy") === "keep"
      ? { retainOnDelete: true }
      : {}),
  };
  class ManifestObject extends sdk.CustomResource {}
  return new ManifestObject(
    `kubernetes:${group === "" ? "core" : group}/${version}:${kind}`,
    options.prefix === "" ? name : `${options.prefix}:${name}`,
    inputsOf(sdk, object),
    resourceOptions,
  );
}

/** What a Secret of a manifest holds is nobody's to see. */
function inputsOf(sdk: Sdk, object: KubeObject): Inputs {
  const inputs: Inputs = { ...object };
  if (typeOf(object) !== "v1/Secret") return inputs;
  for (const key of ["data", "stringData"]) {
    if (inputs[key] !== undefined) inputs[key] = sdk.secret(inputs[key]);
  }
  return inputs;
}
