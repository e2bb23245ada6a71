import type { CrossCheck } from "../check-input";

/** What cannot be said of the site's `logging` alone. */
export const loggingChecks: readonly CrossCheck[] = [];
