import type { CrossCheck } from "../check-input";

/** What cannot be said of the site's `monitoring` alone. */
export const monitoringChecks: readonly CrossCheck[] = [];
