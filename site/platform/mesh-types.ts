import type { PlatformPart } from "./part-types";

export interface MeshBlueprint extends PlatformPart {}
