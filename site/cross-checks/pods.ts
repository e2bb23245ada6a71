import type { CrossCheck } from "../check-input";
import type { Path } from "../path";
import { type Problem, problem, show } from "../problems";
import { podSecurityLevels } from "../schema/pod-security";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import { type DefaultName, defaultNames, workloadDefaults } from "../workload/defaults";
import { securityNeeds } from "../workload/pod-security";
import { copyName, settingsOf } from "../workload/pods";

type Find = (workload: ReleaseWorkload, path: Path, name: string) => readonly Problem[];

function eachWorkload(release: Release | undefined, find: Find): readonly Problem[] {
  return Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) =>
    find(workload, ["workloads", name], name),
  );
}

const wrong = (path: Path, needed: string, given: string, next?: string) =>
  problem("release", path, needed, given, next);

/** Only what a kind of workload has is overridden, with what it can be there. */
const overridesOfKind: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    eachWorkload(release, ({ kind, overrides }, path) =>
      defaultNames.flatMap((name) => {
        const stated = overrides[name];
        if (stated === undefined) return [];
        const where = [...path, "overrides", name];
        const { kinds } = workloadDefaults[name];
        if (!kinds.includes(kind)) {
          const needed = `nothing: a ${kind} has no ${name}, only a ${kinds.join(" or ")} has`;
          return [wrong(where, needed, show(stated.value), "remove it")];
        }
        const strategies =
          kind === "Deployment" ? ["rolling", "recreate"] : ["rolling", "onDelete"];
        return name === "updateStrategy" && !strategies.includes(String(stated.value))
          ? [
              wrong(
                [...where, "value"],
                `${strategies.join(" or ")} for a ${kind}`,
                show(stated.value),
              ),
            ]
          : [];
      }),
    ),
};

/** A Pod that still serves when its time is over is killed with requests in hand. */
const graceCoversPreStop: CrossCheck = {
  reads: [["timezone"]],
  find: ({ release, site }: { release?: Release | undefined; site: Site }) =>
    eachWorkload(release, (workload, path) => {
      const { preStopSeconds, terminationGraceSeconds } = settingsOf(workload, site);
      if (preStopSeconds === 0 || preStopSeconds < terminationGraceSeconds) return [];
      const key: DefaultName =
        workload.overrides.terminationGraceSeconds === undefined
          ? "preStopSeconds"
          : "terminationGraceSeconds";
      const needed =
        key === "preStopSeconds"
          ? `less than terminationGraceSeconds, ${terminationGraceSeconds}, which includes it`
          : `more than preStopSeconds, ${preStopSeconds}, which it includes`;
      const given = key === "preStopSeconds" ? preStopSeconds : terminationGraceSeconds;
      return [wrong([...path, "overrides", key, "value"], needed, String(given))];
    }),
};

/** No workload asks more of its nodes than its namespace allows; the API server would refuse its Pods. */
const podSecurity: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    eachWorkload(release, (workload, path) => {
      const { namespace } = workload;
      if (release === undefined || !Object.hasOwn(release.namespaces, namespace)) return [];
      const level = release.namespaces[namespace]?.podSecurity.level ?? "restricted";
      const allows = podSecurityLevels.indexOf(level);
      return securityNeeds(workload)
        .filter((need) => podSecurityLevels.indexOf(need.level) > allows)
        .map((need) =>
          wrong(
            [...path, ...need.path],
            `a namespace whose Pod security level is ${need.level} for ${need.what}`,
            `${namespace}, which is ${level}`,
            `state namespaces.${namespace}.podSecurity: {level: ${need.level}, because: …}, or give it a namespace of its own`,
          ),
        );
    }),
};

/** Every container of a Pod has a name of its own. */
const containerNames: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    eachWorkload(release, ({ init, volumes }, path, workload) => {
      const copies = Object.entries(volumes).filter(([, { image }]) => image !== undefined);
      const taken = new Set([workload, ...copies.map(([volume]) => copyName(volume))]);
      return init.flatMap(({ name }, at) => {
        if (!taken.has(name)) {
          taken.add(name);
          return [];
        }
        const needed = "a name that no other container of the Pod has";
        return [wrong([...path, "init", at, "name"], needed, show(name))];
      });
    }),
};

export const podChecks: readonly CrossCheck[] = [
  overridesOfKind,
  graceCoversPreStop,
  podSecurity,
  containerNames,
];
