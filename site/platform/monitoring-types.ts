import type { PlatformPart } from "./part-types";

/** Everything decided about monitoring. */
export interface MonitoringBlueprint extends PlatformPart {
  readonly namespace: string;
}
