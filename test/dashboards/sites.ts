import type { Dashboard } from "../../site/dashboards/dashboard-types";
import { dashboards } from "../../site/dashboards/dashboards";
import type { Release } from "../../site/schema/release";
import { businessMetricSchema } from "../../site/schema/release-rules";
import { sloField } from "../../site/schema/workload-slo";
import { roomySite, withEdge } from "../support/platform-site";
import { resolve, smallSite } from "../support/sites";
import { cephSite, resolved } from "../support/storage-sites";

/** Sites whose dashboards are looked at: some that have everything, and one with monitoring alone. */

const collectors = {
  jaeger: { kind: "jaeger" },
  zipkin: { kind: "zipkin" },
  skywalking: {
    kind: "skywalking",
    storage: { kind: "elasticsearch", url: "http://192.0.2.70:9200" },
  },
};

/** Dashboards of a site with every part that has one. */
export function fullDashboards(kind: keyof typeof collectors = "jaeger"): readonly Dashboard[] {
  const site = roomySite();
  withEdge(site);
  Object.assign(site, {
    monitoring: { windows: { machines: { till: { address: "192.0.2.90" } } } },
    mesh: {},
    ingress: { domain: "apps.site-t.example" },
    certificates: {},
    delivery: {},
    logging: { output: { logstash: { hosts: ["192.0.2.71:5044"] } } },
    tracing: collectors[kind],
  });
  const loaded = resolve(site);
  const { storage } = resolved(cephSite()).site;
  const release = { ...loaded.release, businessMetrics, workloads: promising(loaded.release) };
  return dashboards({ ...loaded, release, site: { ...loaded.site, storage } });
}

const businessMetrics: Release["businessMetrics"] = Object.fromEntries(
  (["counter", "gauge", "histogram"] as const).map((kind) => [
    `parcels_${kind}`,
    businessMetricSchema.parse({
      help: "Parcels.",
      unit: "parcels",
      workload: "api",
      kind,
      ...(kind === "counter" && { expected: { atLeast: 10 } }),
    }),
  ]),
);

/** The same workloads, of which one has an objective. */
function promising({ workloads }: Release): Release["workloads"] {
  const { api } = workloads;
  const slo = sloField.parse({ answered: { kind: "availability", objectivePercent: 99 } });
  return api === undefined ? workloads : { ...workloads, api: { ...api, slo } as typeof api };
}

/** Dashboards of a site with monitoring and nothing else. */
export function fewDashboards(): readonly Dashboard[] {
  const site = roomySite();
  site.monitoring = {};
  return dashboards(resolve(site));
}

/** None without monitoring. */
export function noDashboards(): readonly Dashboard[] {
  return dashboards(resolve(smallSite()));
}

/** Every set of dashboards that differs from the others. */
export const everySet = (): readonly (readonly [string, readonly Dashboard[]])[] => [
  ["a site with everything and Jaeger", fullDashboards()],
  ["a site with Zipkin", fullDashboards("zipkin")],
  ["a site with SkyWalking", fullDashboards("skywalking")],
  ["a site with monitoring alone", fewDashboards()],
];
