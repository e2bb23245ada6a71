import type { Dashboard } from "../../site/dashboards/dashboard-types";
import { dashboards } from "../../site/dashboards/dashboards";
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
    tracing: collectors[kind],
  });
  const loaded = resolve(site);
  const { storage } = resolved(cephSite()).site;
  return dashboards({ ...loaded, site: { ...loaded.site, storage } });
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
