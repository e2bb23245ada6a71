import type { BlueprintInput } from "../blueprint-input";
import { deepFreeze } from "../freeze";
import { cephDashboard } from "./ceph";
import { controlPlaneDashboard } from "./control-plane";
import type { Dashboard } from "./dashboard-types";
import { deliveryDashboard } from "./delivery";
import { edgeDashboard } from "./edge";
import { harborDashboard } from "./harbor";
import { hostsDashboard } from "./hosts";
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
  const further: readonly Dashboard[] = [
    hostsDashboard(),
    ...(site.monitoring.windows === undefined ? [] : [windowsDashboard()]),
    workloadsDashboard(input),
    controlPlaneDashboard(),
    ...(site.mesh === undefined ? [] : [meshDashboard(input)]),
    ...(site.tracing === undefined ? [] : [tracingDashboard(site.tracing.kind)]),
    ...(site.ingress === undefined && site.edge === undefined ? [] : [edgeDashboard(input)]),
    ...(site.storage?.kind === "ceph" ? [cephDashboard()] : []),
    harborDashboard(),
    ...(site.delivery === undefined ? [] : [deliveryDashboard()]),
    monitoringDashboard(),
  ];
  const uids = further.map(({ uid }) => uid);
  return deepFreeze([overviewDashboard(input, uids), ...further]);
}
