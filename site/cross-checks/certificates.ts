import type { CheckInput, CrossCheck } from "../check-input";
import { type Problem, siteProblem } from "../problems";

const path = ["certificates"];

/** The next certificate is made while the last is still valid, and long enough before its end to be of use. */
export const certificateLifetimes: CrossCheck = {
  reads: [path],
  find: ({ site: { certificates } }: CheckInput) => {
    if (certificates === undefined) return [];
    return (["authorityLifetime", "lifetime"] as const).flatMap((key) => {
      const { days, renewBeforeDays } = certificates[key];
      if (renewBeforeDays < days) return [];
      const needed = `fewer than the ${days} days that the certificate lasts`;
      return [siteProblem([...path, key, "renewBeforeDays"], needed, `${renewBeforeDays}`)];
    });
  },
};

/** Nothing outlives the authority that signed it: clients would refuse it from then on. */
export const authorityLifetime: CrossCheck = {
  reads: [path],
  find: ({ site: { certificates } }: CheckInput): readonly Problem[] => {
    if (certificates === undefined || certificates.authority !== undefined) return [];
    const { authorityLifetime: authority, lifetime } = certificates;
    if (lifetime.days <= authority.renewBeforeDays) return [];
    const needed = `at least the ${lifetime.days} days that what it signs last`;
    const next = "renew the authority earlier, or let certificates last for fewer days";
    const given = `${authority.renewBeforeDays}`;
    return [siteProblem([...path, "authorityLifetime", "renewBeforeDays"], needed, given, next)];
  },
};

/** Every rule over the site's `certificates` key. */
export const certificatesChecks: readonly CrossCheck[] = [certificateLifetimes, authorityLifetime];
