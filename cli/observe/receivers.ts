import type {
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import { reachedBy } from "../../site/alerting/routing";
import { deliveryFault } from "../alerts/fault";
import { deliveryFigures } from "../alerts/figures";
import type { Fault } from "./fault";

export interface ReceiverRow {
  readonly name: string;
  readonly kind: string;
  /** Where its messages go. */
  readonly to: string;
  readonly configured: boolean;
  /** Messages since Alertmanager started. */
  readonly failed: number;
  readonly attempts: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly receiver: ReceiverBlueprint;
}

/** Receivers of the site against those that Alertmanager has, with what it counted of them. */
export function compareReceivers(
  notification: NotificationBlueprint | undefined,
  configured: readonly string[],
  metrics: string,
): readonly ReceiverRow[] {
  const figures = deliveryFigures(metrics);
  return (notification?.receivers ?? []).map((receiver) => {
    const counted = figures.get(receiver.name);
    return {
      name: receiver.name,
      kind: receiver.kind,
      to: reachedBy(receiver).join(", "),
      configured: configured.includes(receiver.name),
      failed: counted?.failed ?? 0,
      attempts: counted?.attempts ?? 0,
      reasons: counted?.reasons ?? {},
      receiver,
    };
  });
}

export function receiverFaults(rows: readonly ReceiverRow[]): readonly Fault[] {
  return rows.flatMap(({ name, configured, failed, attempts, reasons, receiver }) => [
    ...(configured
      ? []
      : [
          {
            what: `receiver ${name} is not configured`,
            why: "Alertmanager reads an older configuration, or refused the new one",
            next: "kubectl -n monitoring logs alertmanager-monitoring-alertmanager-0 -c alertmanager; then deploy the site again",
          },
        ]),
    ...(failed > 0
      ? [
          {
            what: `receiver ${name}: ${failed} messages were given up, after ${attempts} attempts in all`,
            why: deliveryFault(receiver, undefined, reasons).reason,
            next: `./sitewright alerts test <site> --receiver ${name} sends one now and says what comes back`,
          },
        ]
      : []),
  ]);
}
