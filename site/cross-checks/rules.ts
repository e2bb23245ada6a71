import { promqlFault } from "../alerting/promql";
import { alertsOf, ruleFiles, watchedObjectives } from "../alerting/rule-files";
import { alertName } from "../alerting/rules/business";
import { testLabel } from "../alerting/special-labels";
import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { inSidecarMesh } from "../platform/mesh-members";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { Release } from "../schema/release";
import { portProtocol } from "../workload/ports";

/** Rules over what a release promises, counts and watches. */

/** What the mesh counts takes a mesh that knows single requests, and requests that it knows. */
const meshObjectives: CrossCheck = {
  reads: [["mesh"], ["monitoring"], ["workloads"]],
  find: ({ site, release }) => {
    if (release === undefined || site.monitoring === undefined) return [];
    return watchedObjectives(release)
      .filter(({ objective }) => objective.kind !== "ratio")
      .flatMap(({ workload, name, objective }) => {
        const stated = ownValue(release.workloads, workload);
        if (stated === undefined) return [];
        const path = ["workloads", workload, "slo", name];
        const next =
          "give the site a mesh of mode sidecar and keep the workload in it, or state kind: ratio with figures of the workload's own";
        if (!inSidecarMesh(site, release, workload, stated)) {
          const needed = "a proxy of the mesh beside its Pods, which counts requests";
          return [problem("release", path, needed, objective.kind, next)];
        }
        const known = ["http", "http2", "grpc"];
        if (stated.ports.some((port) => known.includes(portProtocol(port)))) return [];
        const needed = `a port of ${workload} that speaks ${known.join(", ")}: the mesh counts requests of nothing else`;
        return [problem("release", path, needed, objective.kind, next)];
      });
  },
};

/** A budget is known for as long as figures are kept. */
const windowsKept: CrossCheck = {
  reads: [["monitoring"]],
  find: ({ site: { monitoring }, release }) => {
    if (release === undefined || monitoring === undefined) return [];
    const { retentionDays } = monitoring;
    const [longest] = [...watchedObjectives(release)].sort(
      (one, other) => other.objective.windowDays - one.objective.windowDays,
    );
    if (longest === undefined || longest.objective.windowDays <= retentionDays) return [];
    const { windowDays } = longest.objective;
    return [
      siteProblem(
        ["monitoring", "retentionDays"],
        `at least ${windowDays}, the days of objective ${longest.name} of ${longest.workload}`,
        String(retentionDays),
        `set it to ${windowDays}, with room for as many in sizeGiB`,
      ),
    ];
  },
};

const expressions: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    statedExpressions(release).flatMap(({ path, expr }) => {
      const fault = promqlFault(expr);
      const needed = "an expression of PromQL whose brackets and quotes are closed";
      return fault === undefined ? [] : [problem("release", path, needed, fault)];
    }),
};

function statedExpressions(release: Release | undefined): readonly { path: Path; expr: string }[] {
  if (release === undefined) return [];
  return [
    ...Object.entries(release.rules).map(([name, { expr }]) => ({
      path: ["rules", name, "expr"],
      expr,
    })),
    ...watchedObjectives(release).flatMap(({ workload, name, objective }) => {
      const path = ["workloads", workload, "slo", name];
      if (objective.kind !== "ratio") return [];
      return (["good", "total"] as const).map((key) => ({
        path: [...path, key],
        expr: objective[key],
      }));
    }),
  ];
}

/** Every alert is found by its name: in messages, runbooks and silences. */
const ownNames: CrossCheck = {
  reads: [["monitoring"]],
  find: ({ site, release }) => {
    if (release === undefined || site.monitoring === undefined) return [];
    const without: Release = { ...release, rules: {}, businessMetrics: {} };
    const ours = alertsOf(ruleFiles({ site, release: without })).map(({ alert }) => alert);
    const made = Object.keys(release.businessMetrics).flatMap((series) =>
      ["Missing", "Stalled", "BelowExpected"].map((end) => ({
        path: ["businessMetrics", series],
        name: `${alertName(series)}${end}`,
      })),
    );
    const stated = Object.keys(release.rules).map((name) => ({ path: ["rules", name], name }));
    const taken = new Set(ours);
    return [...made, ...stated].flatMap(({ path, name }) => {
      const free = !taken.has(name);
      taken.add(name);
      if (free) return [];
      return [problem("release", path, "another name: there is an alert of this one", name)];
    });
  },
};

/** What routes messages is said by keys of its own. */
const ownLabels: CrossCheck = {
  reads: [],
  find: ({ release }) => {
    const kept = ["alertname", "severity", "dimension", "team", "site", testLabel];
    return Object.entries(release?.rules ?? {}).flatMap(([name, { labels }]) =>
      Object.keys(labels)
        .filter((label) => kept.includes(label))
        .map((label) =>
          problem(
            "release",
            ["rules", name, "labels", label],
            "a label of its own: this one is set for every rule",
            show(labels[label]),
            "remove it; severity, dimension and team are keys of the rule",
          ),
        ),
    );
  },
};

/** A figure of the product is shown by a workload that is read. */
const figuresShown: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.businessMetrics ?? {}).flatMap(([series, metric]) => {
      const path = ["businessMetrics", series];
      const known = Object.keys(release?.workloads ?? {});
      const workload = ownValue(release?.workloads, metric.workload);
      const found: Problem[] = [];
      if (workload === undefined) {
        const next = writeNearest(metric.workload, known);
        const needed = `a workload of the release: ${known.join(", ")}`;
        found.push(problem("release", [...path, "workload"], needed, show(metric.workload), next));
      } else if (workload.metrics === undefined) {
        const needed = `a workload with metrics: nobody reads the figures of ${metric.workload}`;
        const next = `state metrics of ${metric.workload}: {port: …}`;
        found.push(problem("release", [...path, "workload"], needed, show(metric.workload), next));
      }
      const { from, to } = metric.expected ?? { from: "00:00", to: "24:00" };
      if (from >= to) {
        const needed = `a time after ${from}; nights are two days' times and not looked at`;
        found.push(problem("release", [...path, "expected", "to"], needed, show(to)));
      }
      return found;
    }),
};

export const ruleChecks: readonly CrossCheck[] = [
  meshObjectives,
  windowsKept,
  expressions,
  ownNames,
  ownLabels,
  figuresShown,
];
