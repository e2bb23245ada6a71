import type { CrossCheck } from "../check-input";

/** Rules over the site's `certificates` key. */
export const certificatesChecks: readonly CrossCheck[] = [];
