import { ProviderFailure } from "../../protocol/failure";
import { apiVersionFor, groupVersionOf, gvkOf, isCrd } from "../objects/kinds";
import {
  apiVersionOf,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluckString,
  setAt,
} from "../objects/kube-object";
import type { Session } from "../session";
import { expandLists } from "../yaml/decode";

/**
 * The objects of a manifest made ready to register: lists taken apart, the default namespace set.
 * Errors show an object that lacks its kind, API version or name.
 */
export async function place(
  manifest: KubeObject[],
  defaultNamespace: string,
  session: Session,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const objects = expandLists(manifest);
  for (const object of objects) {
    if (kindOf(object) === "" || apiVersionOf(object) === "") {
      throw new ProviderFailure(
        `Kubernetes resources require a kind and apiVersion: \`${excerpt(object)}\``,
      );
    }
    if (nameOf(object) === "") {
      throw new ProviderFailure(
        `Kubernetes resources require a .metadata.name: \`${excerpt(object)}\``,
      );
    }
    object.apiVersion = apiVersionFor(groupVersionOf(apiVersionOf(object)));
    if (namespaceOf(object) !== "" || defaultNamespace === "") continue;
    if (await isNamespaced(object, objects, session, signal)) {
      setAt(object, ["metadata", "namespace"], defaultNamespace);
    }
  }
  return objects;
}

/** The manifest's own CRDs say it first; a kind that nobody knows is left without a namespace. */
async function isNamespaced(
  object: KubeObject,
  objects: KubeObject[],
  session: Session,
  signal: AbortSignal,
): Promise<boolean> {
  const gvk = gvkOf(object);
  const crd = objects.find(
    (other) =>
      isCrd(other) &&
      pluckString(other, "spec", "group") === gvk.group &&
      pluckString(other, "spec", "names", "kind") === gvk.kind,
  );
  if (crd !== undefined) return pluckString(crd, "spec", "scope") === "Namespaced";
  return (await session.isNamespaced(gvk, signal)) ?? false;
}

function excerpt(object: KubeObject): string {
  const text = JSON.stringify(object);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
