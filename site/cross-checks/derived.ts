import type { CheckInput } from "../check-input";
import { platformBlueprint } from "../platform/platform";
import type { PlatformBlueprint } from "../platform/platform-types";
import type { WorkloadBlueprint } from "../workload/workload-types";
import { siteWorkloads } from "../workload/workloads";

/** What several checks derive from one and the same input: worked out once, when the first of them asks. */
interface Derived {
  platform?: PlatformBlueprint;
  workloads?: readonly WorkloadBlueprint[];
}

const known = new WeakMap<CheckInput, Derived>();

function derivedOf(input: CheckInput): Derived {
  const found = known.get(input) ?? {};
  known.set(input, found);
  return found;
}

/** The platform as it would be; undefined while the release cannot be read. */
export function derivedPlatform(input: CheckInput): PlatformBlueprint | undefined {
  const { name, site, release, catalogue } = input;
  if (release === undefined) return undefined;
  const derived = derivedOf(input);
  derived.platform ??= platformBlueprint({ name, site, release, catalogue }).platform;
  return derived.platform;
}

/** The workloads as they would be; none while the release cannot be read. */
export function derivedWorkloads(input: CheckInput): readonly WorkloadBlueprint[] {
  const { site, release } = input;
  if (release === undefined) return [];
  const derived = derivedOf(input);
  derived.workloads ??= siteWorkloads(site, release);
  return derived.workloads;
}
