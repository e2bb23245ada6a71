import type { CrossCheck } from "../check-input";

/** What cannot be said of the site's `nightingale` alone. */
export const nightingaleChecks: readonly CrossCheck[] = [];
