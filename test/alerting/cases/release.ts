import type { RuleFile } from "../../../site/alerting/rule-types";
import type { Release } from "../../../site/schema/release";
import { alertsIn } from "../promtool";
import type { Cases } from "./case";
import { figureCases } from "./figures";

/** Cases that a release states beside its own rules, and those of its figures, of the alerts that one file has. */
export function releaseCases(release: Release, timezone: string, file: RuleFile): Cases {
  const { rules } = release;
  const names = alertsIn(file).map(({ alert }) => alert);
  const own = names.filter((alert) => Object.hasOwn(rules, alert));
  const stated = Object.fromEntries(
    own.flatMap((alert) => {
      const { fires, quiet } = rules[alert]?.tests ?? {};
      return fires === undefined || quiet === undefined
        ? []
        : [[alert, { fires: [fires], quiet: [quiet] }] as const];
    }),
  );
  const made = Object.entries(figureCases(release, timezone));
  return { ...stated, ...Object.fromEntries(made.filter(([alert]) => names.includes(alert))) };
}
