import type { NightingaleContent } from "../../../site/platform/nightingale-types";
import { boardBodies } from "./boards";
import { channelBodies, notifyRuleBodies } from "./channels";
import type { NightingaleConfiguration } from "./configuration-types";
import { ruleBodies } from "./rules";

/** Everything that Nightingale is to hold. With the secrets of receivers in it, where it tells people. */
export function nightingaleConfiguration(
  { site, prometheusUrl, teams, rules, dashboards, notification }: NightingaleContent,
  secretOf: (name: string) => string,
): NightingaleConfiguration {
  return {
    datasource: { name: "prometheus", url: prometheusUrl },
    group: site,
    // A group without a team would be nobody's.
    teams: teams.length === 0 ? ["platform"] : teams,
    rules: ruleBodies(rules),
    boards: boardBodies(dashboards),
    channels: notification === undefined ? [] : channelBodies(notification, secretOf),
    notifyRules: notification === undefined ? [] : notifyRuleBodies(notification),
  };
}
