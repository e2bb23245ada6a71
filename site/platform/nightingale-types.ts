import type { PlatformPart } from "./part-types";

/** Everything decided about nightingale. */
export interface NightingaleBlueprint extends PlatformPart {
  readonly namespace: string;
}
