import { annotationOf, isMap, type KubeObject, setAt, UNKNOWN } from "./kube-object";

/** Annotations that steer how an object is handled; users set all but the first. */
export const ANNOTATION = {
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  waitFor: "pulumi.com/waitFor",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  replaceUnready: "pulumi.com/replaceUnready",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagation: "pulumi.com/deletionPropagationPolicy",
  helmHook: "helm.sh/hook",
} as const;

/** True when the annotation is there and says "true". */
export function isAnnotated(object: KubeObject, key: string): boolean {
  return annotationOf(object, key) === "true";
}

/** Sets an annotation, unless the metadata or annotations are not known yet. */
export function annotate(object: KubeObject, key: string, value: string): void {
  const metadata = object.metadata;
  if (metadata === UNKNOWN) return;
  if (isMap(metadata) && metadata.annotations === UNKNOWN) return;
  setAt(object, ["metadata", "annotations", key], value);
}

/**
 * How long to wait for the object, in seconds: the resource option customTimeouts first, then the
 * annotation pulumi.com/timeoutSeconds, then ten minutes.
 */
export function timeoutSecondsOf(object: KubeObject, optionSeconds: number): number {
  if (optionSeconds > 0) return optionSeconds;
  const annotated = annotationOf(object, ANNOTATION.timeoutSeconds);
  return /^\d+$/.test(annotated) ? Number(annotated) : 600;
}

/** How dependents are treated when the object is deleted; the default is "Foreground". */
export function propagationOf(object: KubeObject): "Foreground" | "Background" | "Orphan" {
  switch (annotationOf(object, ANNOTATION.deletionPropagation).toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
