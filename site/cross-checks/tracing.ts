import type { CrossCheck } from "../check-input";

/** What cannot be said of the site's `tracing` alone. */
export const tracingChecks: readonly CrossCheck[] = [];
