import type { BlueprintInput } from "../blueprint-input";
import { noPart } from "./parts";
import type { TracingBlueprint } from "./tracing-types";

/** Namespace that it keeps for itself. */
const namespace = "tracing";

/** Everything decided about tracing; undefined where the site has none. */
export function tracingBlueprint({ site }: BlueprintInput): TracingBlueprint | undefined {
  if (site.tracing === undefined) return undefined;
  return { ...noPart, namespaces: [{ name: namespace, labels: {} }], namespace };
}
