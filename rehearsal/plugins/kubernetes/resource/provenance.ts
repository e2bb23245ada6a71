import type { PropertyMap } from "../../protocol/values";
import { ANNOTATION } from "../objects/annotations";
import { fieldManagerIn } from "../objects/checkpoint";
import { annotationOf, type KubeObject } from "../objects/kube-object";
import { hexSuffix } from "../objects/naming";

/**
 * Who manages an object's fields: the annotation pulumi.com/patchFieldManager says it, else the
 * state, else a new random name.
 */
export function fieldManagerFor(inputs: KubeObject, state: PropertyMap): string {
  return (
    annotationOf(inputs, ANNOTATION.patchFieldManager) ||
    fieldManagerIn(state) ||
    `pulumi-kubernetes-${hexSuffix(new Uint8Array())}`
  );
}
