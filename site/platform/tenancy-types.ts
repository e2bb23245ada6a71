import type { PlatformPart } from "./part-types";

export interface TenancyBlueprint extends PlatformPart {}
