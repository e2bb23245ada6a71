import type { PlatformPart } from "./part-types";

export interface CertificatesBlueprint extends PlatformPart {}
