import type { CrossCheck } from "../check-input";

/** Rules over the site's `ingress` key. */
export const ingressChecks: readonly CrossCheck[] = [];
