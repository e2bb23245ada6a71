import type { CrossCheck } from "../check-input";

/** Rules over the site's `mesh` key. */
export const meshChecks: readonly CrossCheck[] = [];
