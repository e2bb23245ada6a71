import type { PlatformPart } from "./part-types";

/** Everything decided about tracing. */
export interface TracingBlueprint extends PlatformPart {
  readonly namespace: string;
}
