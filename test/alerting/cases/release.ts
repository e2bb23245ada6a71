import type { RuleFile } from "../../../site/alerting/rule-types";
import type { Release } from "../../../site/schema/release";
import { alertsIn } from "../promtool";
import type { Cases } from "./case";

/** Cases that a release states beside its own rules, of those that one file has. */
export function releaseCases({ rules }: Release, file: RuleFile): Cases {
  const own = alertsIn(file).filter(({ alert }) => Object.hasOwn(rules, alert));
  return Object.fromEntries(
    own.flatMap(({ alert }) => {
      const { fires, quiet } = rules[alert]?.tests ?? {};
      return fires === undefined || quiet === undefined
        ? []
        : [[alert, { fires: [fires], quiet: [quiet] }] as const];
    }),
  );
}
