import { bySeverity, severities, toldOf } from "../alerting/notification";
import { notificationSecrets } from "../alerting/notification-secrets";
import { alwaysQuiet, quietSpans } from "../alerting/quiet-hours";
import { alertsOf } from "../alerting/rule-files";
import { ownReceivers } from "../alerting/special-labels";
import { usualTeams } from "../alerting/teams";
import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue } from "../path";
import { show, siteProblem } from "../problems";
import { receiverChecks } from "./alert-receivers";
import { derivedPlatform } from "./derived";
import { missingSecrets } from "./stack-secrets";

/** Rules over who is told of what. */

const reads = [["alerts"]];

/** What alerts come from is there. */
const monitored: CrossCheck = {
  reads: [["alerts"], ["monitoring"]],
  find: ({ site }) =>
    site.alerts === undefined || site.monitoring !== undefined
      ? []
      : [
          siteProblem(
            ["alerts"],
            "monitoring at this site, whose rules alerts come from",
            "a site without it",
            "add monitoring: {}, or remove alerts",
          ),
        ],
};

/** Somebody is told of everything that is no other team's. */
const someDefault: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) => {
    if (alerts === undefined || ownValue(alerts.teams, alerts.defaultTeam)) return [];
    const known = Object.keys(alerts.teams);
    const needed = `one of the site's teams: ${known.join(", ") || "it has none"}`;
    const next = writeNearest(alerts.defaultTeam, known, `add teams.${alerts.defaultTeam}`);
    return [siteProblem(["alerts", "defaultTeam"], needed, show(alerts.defaultTeam), next)];
  },
};

/** Teams are those that rules name: what is told to any other nobody would ever hear. */
const namedTeams: CrossCheck = {
  reads: [["alerts"], ["monitoring"]],
  find: (input) => {
    const { alerts } = input.site;
    const monitoring = derivedPlatform(input)?.monitoring;
    if (alerts === undefined || monitoring === undefined) return [];
    const named = alertsOf(monitoring.rules).map(({ team }) => team);
    const known = [...new Set([...Object.values(usualTeams), ...named])];
    return Object.keys(alerts.teams)
      .filter((team) => team !== alerts.defaultTeam && !known.includes(team))
      .map((team) => {
        const needed = `a team that rules of the site name: ${known.join(", ")}`;
        const next = writeNearest(team, known, "remove it, or name it in rules of the release");
        return siteProblem(["alerts", "teams", team], needed, show(team), next);
      });
  },
};

/** Teams name receivers that there are, each once. */
const knownReceivers: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) =>
    Object.entries(alerts?.teams ?? {}).flatMap(([team, settings]) =>
      severities.flatMap((severity) =>
        (settings[severity] ?? []).flatMap((receiver, at, all) => {
          const path = ["alerts", "teams", team, severity, at];
          const known = Object.keys(alerts?.receivers ?? {});
          if (!known.includes(receiver)) {
            const needed = `one of the site's receivers: ${known.join(", ") || "it has none"}`;
            const next = writeNearest(receiver, known, `add receivers.${receiver}`);
            return [siteProblem(path, needed, show(receiver), next)];
          }
          if (all.indexOf(receiver) === at) return [];
          return [siteProblem(path, "every receiver once", show(receiver), "remove it")];
        }),
      ),
    ),
};

/** Receivers have names that are not ours, and somebody uses them. */
const usedReceivers: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) => {
    if (alerts === undefined) return [];
    const used = Object.values(alerts.teams).flatMap((team) =>
      severities.flatMap((severity) => team[severity] ?? []),
    );
    const own: readonly string[] = Object.values(ownReceivers);
    return Object.keys(alerts.receivers).flatMap((name) => {
      const path = ["alerts", "receivers", name];
      if (own.includes(name)) {
        return [siteProblem(path, "another name: this one is Sitewright's own", show(name))];
      }
      if (used.includes(name)) return [];
      const next = "name it in teams.<team>.critical, warning or info, or remove it";
      return [siteProblem(path, "a team that is told by it", "none", next)];
    });
  },
};

/** Whatever is critical reaches somebody. */
const criticalTold: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) =>
    Object.entries(alerts?.teams ?? {}).flatMap(([team, { critical }]) => {
      if (alerts === undefined || toldOf(alerts, team, "critical").length > 0) return [];
      // Of two teams without, the default one is the cause.
      if (critical === undefined && team !== alerts.defaultTeam) return [];
      return [
        siteProblem(
          ["alerts", "teams", team, "critical"],
          "at least one receiver: what is critical must reach somebody",
          critical === undefined ? "nothing" : "an empty list",
          "name a receiver",
        ),
      ];
    }),
};

/** Quiet hours have a length, and leave some of the week. */
const quietHours: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) =>
    Object.entries(alerts?.teams ?? {}).flatMap(([team, { quietHours: stated }]) => {
      const path = ["alerts", "teams", team, "quietHours"];
      const empty = stated.flatMap(({ from, to }, at) =>
        from === to || from === "24:00"
          ? [
              siteProblem(
                [...path, at],
                "an end that differs from the beginning, and a beginning before 24:00",
                show(`${from} to ${to}`),
                'for a whole day write from: "00:00", to: "24:00"',
              ),
            ]
          : [],
      );
      if (empty.length > 0 || !alwaysQuiet(quietSpans(stated))) return empty;
      return [
        siteProblem(
          path,
          "some time of the week in which warnings are told",
          "the whole week",
          "shorten them, or write warning: [] and info: [] if nobody is to be told",
        ),
      ];
    }),
};

/** Nobody gets the same message twice, by two receivers that lead to the same place. */
const toldOnce: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) => {
    if (alerts === undefined) return [];
    const found = Object.keys(alerts.teams).flatMap((team) => {
      const lists = bySeverity((severity) => ownValue(alerts.teams, team)?.[severity] ?? []);
      return severities.flatMap((severity) => {
        const seen = new Map<string, string>();
        return lists[severity].flatMap((name, at) => {
          const receiver = ownValue(alerts.receivers, name);
          if (receiver === undefined || lists[severity].indexOf(name) !== at) return [];
          return destinations(receiver).flatMap((place) => {
            const earlier = seen.get(place);
            seen.set(place, earlier ?? name);
            if (earlier === undefined || earlier === name) return [];
            return [
              siteProblem(
                ["alerts", "teams", team, severity, at],
                `receivers that lead to different places: ${earlier} reaches ${place} already`,
                show(name),
                "remove one, or change what it reaches",
              ),
            ];
          });
        });
      });
    });
    return found;
  },
};

function destinations(receiver: { readonly kind: string; readonly [key: string]: unknown }) {
  const { kind, to, url, urlSecret } = receiver;
  if (kind === "email" && Array.isArray(to)) return to.map((one) => String(one).toLowerCase());
  if (kind === "sms" && Array.isArray(to)) return to.map(String);
  const place = url ?? urlSecret;
  return typeof place === "string" ? [place] : [];
}

/** What is said again is not said before it may be. */
const repeats: CrossCheck = {
  reads,
  find: ({ site: { alerts } }) =>
    severities.flatMap((severity) => {
      const times = alerts?.grouping[severity];
      if (times === undefined || times.repeatMinutes * 60 >= times.intervalSeconds) return [];
      return [
        siteProblem(
          ["alerts", "grouping", severity, "repeatMinutes"],
          `at least intervalSeconds, ${times.intervalSeconds} s: nothing is looked at more often`,
          `${times.repeatMinutes} min`,
        ),
      ];
    }),
};

/** Every secret that alerts refer to is in the stack. */
const secrets: CrossCheck = {
  reads,
  find: (input) => missingSecrets(input, notificationSecrets(input.site.alerts)),
};

export const alertChecks: readonly CrossCheck[] = [
  monitored,
  someDefault,
  namedTeams,
  knownReceivers,
  usedReceivers,
  criticalTold,
  quietHours,
  toldOnce,
  repeats,
  ...receiverChecks,
  secrets,
];
