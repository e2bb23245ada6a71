import type { BlueprintInput } from "../blueprint-input";
import type { Release } from "../schema/release";
import type { AlertRule, Dimension, RecordingRule, RuleFile, RuleGroup } from "./rule-types";
import { figureRules, statedRules } from "./rules/business";
import { objectiveRules, type WatchedObjective } from "./rules/objectives";
import { systemRules } from "./rules/system";
import { type WatchedWorkload, workloadRules } from "./rules/workloads";

/** Every rule of a site: only those whose subject it has. Empty where it has no monitoring. */
export function ruleFiles({
  site,
  release,
}: Pick<BlueprintInput, "site" | "release">): readonly RuleFile[] {
  if (site.monitoring === undefined) return [];
  const stated = (dimension: Dimension) => statedGroups(release, dimension);
  const files: readonly RuleFile[] = [
    ...systemRules(site, release),
    file("release-system", "system", stated("system")),
    file("workloads", "service", [workloadRules(watchedWorkloads(release))]),
    file("objectives", "service", objectiveRules(watchedObjectives(release))),
    file("release-service", "service", stated("service")),
    file("business", "business", [...figureRules(release, site.timezone), ...stated("business")]),
  ];
  return files.filter(({ groups }) => groups.length > 0);
}

/** Alerts of files of rules, each with its dimension. */
export function alertsOf(
  files: readonly RuleFile[],
): readonly (AlertRule & { readonly dimension: Dimension })[] {
  return files.flatMap(({ dimension, groups }) =>
    groups.flatMap(({ rules }) => rules.filter(isAlert).map((rule) => ({ ...rule, dimension }))),
  );
}

export function isAlert(rule: AlertRule | RecordingRule): rule is AlertRule {
  return "alert" in rule;
}

function file(name: string, dimension: Dimension, groups: readonly RuleGroup[]): RuleFile {
  return { name, dimension, groups };
}

/** Rules that the release states over one dimension. */
function statedGroups({ rules }: Release, dimension: Dimension): readonly RuleGroup[] {
  const own = Object.fromEntries(
    Object.entries(rules).filter(([, rule]) => rule.dimension === dimension),
  );
  const found = statedRules(own);
  return found.length === 0 ? [] : [{ name: `release-${dimension}`, rules: found }];
}

function watchedWorkloads({ workloads }: Release): readonly WatchedWorkload[] {
  return byName(workloads).map(([name, { namespace, kind }]) => ({ name, namespace, kind }));
}

/** Objectives of all workloads of a release. */
export function watchedObjectives({
  workloads,
}: Pick<Release, "workloads">): readonly WatchedObjective[] {
  return byName(workloads).flatMap(([workload, stated]) =>
    "slo" in stated
      ? byName(stated.slo).map(([name, objective]) => ({
          namespace: stated.namespace,
          workload,
          name,
          objective,
        }))
      : [],
  );
}

function byName<Value>(record: Readonly<Record<string, Value>>): readonly [string, Value][] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}
