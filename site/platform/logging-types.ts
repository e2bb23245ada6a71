import type { PlatformPart } from "./part-types";

/** Everything decided about logging. */
export interface LoggingBlueprint extends PlatformPart {
  readonly namespace: string;
}
