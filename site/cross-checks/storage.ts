import type { CrossCheck } from "../check-input";

/** Rules over the site's `storage` key. */
export const storageChecks: readonly CrossCheck[] = [];
