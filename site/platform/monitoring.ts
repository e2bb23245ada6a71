import type { BlueprintInput } from "../blueprint-input";
import { monitoringNamespace as namespace } from "./monitoring-place";
import type { MonitoringBlueprint } from "./monitoring-types";
import { noPart } from "./parts";

/** Everything decided about monitoring; undefined where the site has none. */
export function monitoringBlueprint({ site }: BlueprintInput): MonitoringBlueprint | undefined {
  if (site.monitoring === undefined) return undefined;
  return { ...noPart, namespaces: [{ name: namespace, labels: {} }], namespace };
}
