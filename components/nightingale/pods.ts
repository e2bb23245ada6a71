/** What containers of Nightingale and of its stores have in common. */

/** Asked the same thing throughout; a first start makes tables, and may take five minutes. */
export function probes(question: object) {
  const probe = { ...question, timeoutSeconds: 5 };
  return {
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...probe, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 6 },
  };
}
