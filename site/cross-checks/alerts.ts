import type { CrossCheck } from "../check-input";

/** What cannot be said of the site's `alerts` alone. */
export const alertChecks: readonly CrossCheck[] = [];
