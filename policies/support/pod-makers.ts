import { text } from "../../site/schema/fields";
import { type KubernetesObject, namespaceOf, textOf } from "./objects";

/** What makes Pods, by which rules and settings name it: `Deployment parcels/api`. */
export function makerOf(object: KubernetesObject): string {
  return `${object.kind} ${textOf(namespaceOf(object))}/${textOf(object.metadata?.name)}`;
}

/** The same in a setting. */
export const makerField = text(
  /^[A-Z][A-Za-z]+ [a-z0-9.-]+\/[a-z0-9.-]+$/,
  "kind, namespace and name, such as Deployment shop/web",
).describe("Kind, namespace and name of what makes the Pods: `Deployment shop/web`.");
