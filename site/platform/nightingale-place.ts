/** Where Nightingale is found, for everything that asks it. */

export const nightingaleNamespace = "nightingale";

/** The Service of its pages and its API, and the port of its Pods. */
export const nightingaleService = { service: "nightingale", port: 17_000 };
