/** Names that rules, notification and commands agree on. */

/** Alert that always fires: what a sign of life is made from, told to nobody of the site. */
export const watchdogAlert = "Watchdog";

/**
 * Label of a test message, its value the one receiver that gets it: outside of teams, quiet hours, silencing and
 * gathering. No rule may use it.
 */
export const testLabel = "sitewright_test";

/** Names that no receiver of a site may have, for they are ours. */
export const ownReceivers = { nobody: "nobody", heartbeat: "heartbeat" } as const;
