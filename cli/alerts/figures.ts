/** What Alertmanager counts of one receiver since it started or read its configuration. */
export interface DeliveryFigures {
  /** Attempts, each of them one request. */
  readonly attempts: number;
  readonly failedAttempts: number;
  /** Messages given up. */
  readonly failed: number;
  /** Why they were, as Alertmanager sorts it: `clientError`, `serverError`, `contextDeadlineExceeded`, `other`. */
  readonly reasons: Readonly<Record<string, number>>;
}

const line = /^(alertmanager_notif\w+)\{([^}]*)\} ([0-9.e+]+)$/;

/** Figures by receiver, from the text of /metrics. Receivers that are not counted by name are not there. */
export function deliveryFigures(metrics: string): ReadonlyMap<string, DeliveryFigures> {
  const found = new Map<
    string,
    { -readonly [Key in keyof DeliveryFigures]: DeliveryFigures[Key] }
  >();
  for (const text of metrics.split("\n")) {
    const [, name, labels = "", value] = line.exec(text) ?? [];
    const receiver = labelOf(labels, "receiver_name");
    if (name === undefined || receiver === undefined) continue;
    const figures = found.get(receiver) ?? {
      attempts: 0,
      failedAttempts: 0,
      failed: 0,
      reasons: {},
    };
    found.set(receiver, figures);
    const count = Number(value);
    if (name === "alertmanager_notification_requests_total") figures.attempts += count;
    if (name === "alertmanager_notification_requests_failed_total") figures.failedAttempts += count;
    if (name === "alertmanager_notifications_failed_total") {
      const reason = labelOf(labels, "reason") ?? "other";
      figures.failed += count;
      figures.reasons = { ...figures.reasons, [reason]: (figures.reasons[reason] ?? 0) + count };
    }
  }
  return found;
}

/** What was added since an earlier look. Whatever became less was counted anew meanwhile. */
export function figuresSince(
  earlier: DeliveryFigures | undefined,
  now: DeliveryFigures | undefined,
): DeliveryFigures {
  const added = (before = 0, after = 0) => (after < before ? after : after - before);
  return {
    attempts: added(earlier?.attempts, now?.attempts),
    failedAttempts: added(earlier?.failedAttempts, now?.failedAttempts),
    failed: added(earlier?.failed, now?.failed),
    reasons: Object.fromEntries(
      Object.entries(now?.reasons ?? {}).map(([reason, count]) => [
        reason,
        added(earlier?.reasons[reason], count),
      ]),
    ),
  };
}

function labelOf(labels: string, name: string): string | undefined {
  return new RegExp(`(?:^|,)${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1];
}
