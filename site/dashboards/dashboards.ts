import type { BlueprintInput } from "../blueprint-input";
import { deepFreeze } from "../freeze";
import { businessDashboard } from "./business";
import { cephDashboard } from "./ceph";
import { controlPlaneDashboard } from "./control-plane";
import type { Dashboard } from "./dashboard-types";
import { deliveryDashboard } from "./delivery";
import { edgeDashboard } from "./edge";
import { harborDashboard } from "./harbor";
import { hostsDashboard } from "./hosts";
import { loggingDashboard } from "./logging";
import { meshDashboard } from "./mesh";
import { monitoringDashboard } from "./monitoring";
import { overviewDashboard } from "./overview";
import { tracingDashboard } from "./tracing";
import { windowsDashboard } from "./windows";
import { workloadsDashboard } from "./workloads";

/** Every dashboard of a site: what it has, and nothing of what it has not. Empty without monitoring. */
export function dashboards(input: BlueprintInput): readonly Dashboard[] {
  const { site } = input;
  if (site.monitoring === undefined) return [];
  const business = businessDashboard(input);
  const further: readonly Dashboard[] = [
    ...(business === undefined ? [] : [business]),
    hostsDashboard(),
    ...(site.monitoring.windows === undefined ? [] : [windowsDashboard()]),
    workloadsDashboard(input),
    controlPlaneDashboard(),
    ...(site.mesh === undefined ? [] : [meshDashboard(input)]),
    ...(site.tracing === undefined ? [] : [tracingDashboard(site.tracing.kind)]),
    ...(site.ingress === undefined && site.edge === undefined ? [] : [edgeDashboard(input)]),
    ...(site.storage?.kind === "ceph" ? [cephDashboard()] : []),
    harborDashboard(),
    ...(site.logging === undefined ? [] : [loggingDashboard()]),
    ...(site.delivery === undefined ? [] : [deliveryDashboard()]),
    monitoringDashboard(),
  ];
  const uids = further.map(({ uid }) => uid);
  return deepFreeze([overviewDashboard(input, uids), ...further]);
}
