import type { Bundle } from "./bundle";
import type { Catalogue } from "./schema/catalogue";
import type { Release } from "./schema/release";
import type { Site } from "./schema/site";

/** What a blueprint is made from; a site and release without problems. */
export interface BlueprintInput {
  /** Name of the site, which is the name of its stack. */
  readonly name: string;
  readonly site: Site;
  readonly release: Release;
  readonly catalogue: Catalogue;
  /** Absent while no bundle of the release is there: everything can be planned then, nothing applied. */
  readonly bundle?: Bundle | undefined;
}
