import type { PlatformPart } from "./part-types";
import type { PlatformBlueprint } from "./platform-types";

/** Keys of the site that name parts of the platform, in the order in which they are installed. */
export const platformParts = [
  "storage",
  "certificates",
  "mesh",
  "ingress",
  "tenancy",
  "logging",
  "monitoring",
  "tracing",
  "nightingale",
  "delivery",
  "configCentre",
] as const;

/** The parts that a site has, each with its key. */
export function namedParts(
  platform: PlatformBlueprint,
): readonly (readonly [name: string, part: PlatformPart])[] {
  return platformParts.flatMap((name) => {
    const part = platform[name];
    return part === undefined ? [] : [[name, part] as const];
  });
}
