import { ProviderFailure } from "../protocol/failure";
import type { InvokeRequest, InvokeResult } from "../protocol/provider";
import { type PropertyMap, reveal } from "../protocol/values";
import { renderOldChart } from "./helm/old-chart";
import { gvkOf } from "./objects/kinds";
import {
  apiVersionOf,
  isMap,
  type KubeObject,
  kindOf,
  namespaceOf,
  setAt,
} from "./objects/kube-object";
import { propertiesOf } from "./objects/properties";
import type { Session } from "./session";
import { decodeYaml } from "./yaml/decode";

/** Answers the functions of the package that older components of the SDK call. */
export async function invoke(session: Session, request: InvokeRequest): Promise<InvokeResult> {
  switch (request.token) {
    case "kubernetes:yaml:decode": {
      const text = textOf(request.args, "text");
      const namespace = textOf(request.args, "defaultNamespace", "");
      const objects = decodeYaml(text, "the manifest");
      return { value: { result: await placed(session, objects, namespace, request.signal) } };
    }
    case "kubernetes:helm:template": {
      const options: unknown = JSON.parse(textOf(request.args, "jsonOpts"));
      if (!isMap(options)) throw new ProviderFailure('"jsonOpts" must be an object in JSON.');
      const objects = await renderOldChart(options, request.signal);
      const namespace = typeof options.namespace === "string" ? options.namespace : "";
      return { value: { result: await placed(session, objects, namespace, request.signal) } };
    }
    case "kubernetes:kustomize:directory":
      throw new ProviderFailure(
        "The rehearsal's stand-in for the Kubernetes provider does not do kustomize. Render the directory beforehand and use a ConfigFile or ConfigGroup.",
      );
    default:
      throw new ProviderFailure(`unknown Invoke type "${request.token}"`);
  }
}

async function placed(
  session: Session,
  objects: KubeObject[],
  namespace: string,
  signal: AbortSignal,
): Promise<PropertyMap[]> {
  const whole = objects.filter((object) => kindOf(object) !== "" && apiVersionOf(object) !== "");
  for (const object of whole) {
    if (namespace === "" || namespaceOf(object) !== "") continue;
    if ((await session.isNamespaced(gvkOf(object), signal)) !== false) {
      setAt(object, ["metadata", "namespace"], namespace);
    }
  }
  return whole.map(propertiesOf);
}

function textOf(args: PropertyMap, name: string, otherwise?: string): string {
  const value = reveal(args[name] ?? null);
  if (typeof value === "string") return value;
  if (otherwise !== undefined) return otherwise;
  throw new ProviderFailure(`missing required field '${name}' of type string`);
}
