import type { PlatformPart } from "./part-types";

export interface StorageBlueprint extends PlatformPart {}
