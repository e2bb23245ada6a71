/** Names under which the step that sets Nightingale up receives what it needs besides its request. */
export const nightingaleSecretNames = {
  root: "nightingale:root",
  own: "nightingale:own",
  /** Everything that it is to hold, as JSON: too large for the request, and with receivers' secrets in it. */
  configuration: "nightingale:configuration",
} as const;
