import type { PlatformPart } from "./part-types";

export interface IngressBlueprint extends PlatformPart {}
