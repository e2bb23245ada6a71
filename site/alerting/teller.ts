import type { Site } from "../schema/site";
import { notificationBlueprint } from "./notification";
import type { NotificationBlueprint } from "./notification-types";

/**
 * What Alertmanager tells: everything, but for a site whose Nightingale tells people. There it only gives the sign of
 * life, or everybody would hear everything twice.
 */
export function alertmanagerTells(
  name: string,
  site: Pick<Site, "alerts" | "timezone" | "nightingale">,
): NotificationBlueprint | undefined {
  const notification = notificationBlueprint(name, site);
  if (notification === undefined || site.nightingale?.notifies !== true) return notification;
  const nobody = { critical: [], warning: [], info: [] };
  return {
    ...notification,
    receivers: [],
    teams: notification.teams.map((team) => ({ ...team, told: nobody })),
  };
}
