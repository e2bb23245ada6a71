import { notificationBlueprint } from "../../site/alerting/notification";
import type { NotificationBlueprint } from "../../site/alerting/notification-types";
import type { LoadedSite } from "../../site/load";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** @throws RunError where a site tells nobody of anything */
export function siteNotification({
  name,
  site,
}: Pick<LoadedSite, "name" | "site">): NotificationBlueprint {
  const notification = notificationBlueprint(name, site);
  if (notification !== undefined) return notification;
  throw new RunError(`${name} tells nobody of alerts`, {
    nextStep: `add alerts to Pulumi.${name}.yaml: docs/alerts.md shows how`,
    exitCode: exitCodes.site,
  });
}
