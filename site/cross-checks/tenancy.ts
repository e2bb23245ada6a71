import type { CrossCheck } from "../check-input";

/** Rules over the site's `tenancy` key. */
export const tenancyChecks: readonly CrossCheck[] = [];
