import { gvkOf, isCrd } from "../objects/kinds";
import {
  annotationOf,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluckString,
} from "../objects/kube-object";

const DEPENDS_ON = "config.kubernetes.io/depends-on";

/** An object and those of the same set that must exist before it. */
export interface Ordered {
  object: KubeObject;
  dependencies: KubeObject[];
}

/**
 * The objects in an order in which they can be made: namespaces before what lives in them, CRDs
 * before their objects, and what the annotation config.kubernetes.io/depends-on says.
 */
export function inOrder(objects: KubeObject[]): Ordered[] {
  const remaining = new Map(objects.map((object) => [object, dependenciesOf(object, objects)]));
  const ordered: Ordered[] = [];
  while (remaining.size > 0) {
    const free = [...remaining].filter(([, needs]) => needs.every((need) => !remaining.has(need)));
    // In a circle nobody is free; then the order does not matter any more.
    const next = free.length > 0 ? free : [...remaining];
    next.sort(([a], [b]) => compare(a, b));
    for (const [object, dependencies] of next) {
      ordered.push({ object, dependencies });
      remaining.delete(object);
    }
  }
  return ordered;
}

function dependenciesOf(object: KubeObject, all: KubeObject[]): KubeObject[] {
  const { group, kind } = gvkOf(object);
  const namespace = namespaceOf(object);
  const named = annotationOf(object, DEPENDS_ON)
    .split(",")
    .map((reference) => reference.trim())
    .filter((reference) => reference !== "");
  return all.filter((other) => {
    if (other === object) return false;
    if (kindOf(other) === "Namespace" && gvkOf(other).group === "") {
      if (namespace !== "" && nameOf(other) === namespace) return true;
    }
    if (isCrd(other)) {
      const isKind =
        pluckString(other, "spec", "group") === group &&
        pluckString(other, "spec", "names", "kind") === kind;
      if (isKind) return true;
    }
    return named.includes(referenceTo(other));
  });
}

/** "group/namespaces/namespace/kind/name", or "group/kind/name" for the cluster's objects. */
function referenceTo(object: KubeObject): string {
  const { group, kind } = gvkOf(object);
  const namespace = namespaceOf(object);
  const within = namespace === "" ? "" : `namespaces/${namespace}/`;
  return `${group}/${within}${kind}/${nameOf(object)}`;
}

const FIRST_KINDS = [
  "Namespace",
  "CustomResourceDefinition",
  "ResourceQuota",
  "StorageClass",
  "PriorityClass",
  "ServiceAccount",
  "ClusterRole",
  "Role",
  "ClusterRoleBinding",
  "RoleBinding",
  "ConfigMap",
  "Secret",
  "Service",
];

function compare(a: KubeObject, b: KubeObject): number {
  const rank = (object: KubeObject) => {
    const found = FIRST_KINDS.indexOf(kindOf(object));
    return found < 0 ? FIRST_KINDS.length : found;
  };
  const text = (object: KubeObject) => `${kindOf(object)}/${namespaceOf(object)}/${nameOf(object)}`;
  return rank(a) - rank(b) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}
