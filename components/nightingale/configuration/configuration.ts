import { createHash } from "node:crypto";
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

/**
 * A digest of everything that it is to hold, by name, without any secret's value: what a preview shows, and what makes
 * the step run again.
 */
export function contentDigests(content: NightingaleContent): Readonly<Record<string, string>> {
  const { rules, boards, channels, notifyRules, ...places } = nightingaleConfiguration(
    content,
    () => "",
  );
  const named = (noun: string, bodies: readonly { readonly name: string }[]) =>
    bodies.map((body): [string, string] => [`${noun} ${body.name}`, digest(body)]);
  return Object.fromEntries([
    ["places", digest(places)],
    ...named("rule", rules),
    ...named("board", boards),
    ...named("channel", channels),
    ...named("notify rule", notifyRules),
  ]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
