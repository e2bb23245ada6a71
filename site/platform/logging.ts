import type { BlueprintInput } from "../blueprint-input";
import type { LoggingBlueprint } from "./logging-types";
import { noPart } from "./parts";

/** Namespace that it keeps for itself. */
const namespace = "logging";

/** Everything decided about logging; undefined where the site has none. */
export function loggingBlueprint({ site }: BlueprintInput): LoggingBlueprint | undefined {
  if (site.logging === undefined) return undefined;
  return { ...noPart, namespaces: [{ name: namespace, labels: {} }], namespace };
}
